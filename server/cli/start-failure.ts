import { DatabaseTooNew } from '#db/migration-state.ts'
import { sqliteCode } from '#db/sqlite-code.ts'
import { ConfigError } from '#server/config/env.ts'
import { DataFolderInUse } from '#server/config/lock-data-folder.ts'
import { RestoreUnfinished } from '#server/config/restoring.ts'
import { MovingElsewhere } from '#server/keeping/open-stores.ts'
import { CertificateUnusable } from '#server/lan/certificate-file.ts'

/**
 * Why a start failed, and the exit code that says so to whoever started the server: a service manager, the desktop
 * shell. The numbers are those of sysexits.h where it has one that fits.
 */
export const startFailures = {
  unexpected: 1,
  'port-in-use': 69,
  'disk-full': 74,
  'folder-not-writable': 73,
  'folder-in-use': 75,
  'restore-unfinished': 76,
  'database-too-new': 77,
  certificate: 79,
  configuration: 78,
} as const

export type StartFailure = {
  reason: keyof typeof startFailures
  /** What a person can act on; for `unexpected` with the stack, for a report. */
  words: string
  /** The port that is in use. */
  port?: number
}

const known = [
  [ConfigError, 'configuration'],
  [MovingElsewhere, 'configuration'],
  [DataFolderInUse, 'folder-in-use'],
  [RestoreUnfinished, 'restore-unfinished'],
  [DatabaseTooNew, 'database-too-new'],
  [CertificateUnusable, 'certificate'],
] as const

/** What an error that ended the start means. */
export function startFailure(error: unknown): StartFailure {
  for (const [kind, reason] of known) if (error instanceof kind) return { reason, words: error.message }
  const { code, port, path, syscall } = error as NodeJS.ErrnoException & { port?: number }
  const inDatabase = sqliteCode(error)
  if (code === 'EADDRINUSE')
    return {
      reason: 'port-in-use',
      words: `Port ${port} is in use; choose another with HEARTHKEEP_HTTP_PORT or HEARTHKEEP_HTTPS_PORT (0 = any free one).`,
      ...(port === undefined ? {} : { port }),
    }
  if (code === 'ENOSPC' || code === 'EDQUOT' || inDatabase === 'SQLITE_FULL')
    return {
      reason: 'disk-full',
      words: 'The disk that holds the data folder is full. Make room on it and start again.',
    }
  if (
    cannotWrite.has(code ?? '') ||
    (code === 'ENOENT' && syscall === 'mkdir') ||
    inDatabase === 'SQLITE_CANTOPEN' ||
    inDatabase?.startsWith('SQLITE_READONLY')
  )
    return { reason: 'folder-not-writable', words: `The data folder cannot be written: ${path ?? ''}`.trimEnd() }
  return { reason: 'unexpected', words: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

/** ENOTDIR and EEXIST are a file in the folder's place; ENOENT at its making is a drive that is not there. */
const cannotWrite = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])
