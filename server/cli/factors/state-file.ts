import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exportSigningKey, importSigningKey } from '#client/surfaces/factors/signing-key.ts'
import type { SyncDevice } from '#client/surfaces/factors/sync-device.ts'
import { configFolder } from '#server/cli/terminal/config-folder.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { withLockFile } from '#server/cli/terminal/with-lock-file.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'

/** One backup on one server, as this machine keeps it in sync. As secret as the backup itself. */
type Entry = {
  server: string
  backupId: string
  /** The sync factor: PKCS#8 in base64. */
  signingKey: string
  /** 32 bytes in base64. */
  backupKey: string
  manifestHash: string
  /** Unix milliseconds, of the version last stored or fetched here. */
  savedAt: number
}

type State = { format: 1; backups: Entry[] }

/** In the OS's folder for configuration. */
export function defaultStateFile(env: Record<string, string | undefined>): string {
  return join(configFolder(env), 'factors-state.json')
}

/**
 * The device this machine is for a backup on a server, or null.
 *
 * @param backupId  may be left out where there is one alone
 * @throws usage failure when there are several, or the file cannot be read: it holds keys and must not be written over
 */
export async function recallDevice(file: string, server: string, backupId?: string): Promise<SyncDevice | null> {
  const { backups } = await readState(file)
  const found = backups.filter((entry) => entry.server === server && (backupId ?? entry.backupId) === entry.backupId)
  if (found.length > 1) {
    const ids = found.map((entry) => `  ${entry.backupId}`).join('\n')
    throw usageFailure(`This machine syncs several backups with ${server}; say which with --backup:\n${ids}`)
  }
  const [entry] = found
  if (entry === undefined) return null
  return {
    backupId: entry.backupId,
    signing: await importSigningKey(bytesOf(entry.signingKey), { extractable: true }),
    backupKey: bytesOf(entry.backupKey),
    seen: { manifestHash: entry.manifestHash, savedAt: entry.savedAt },
  }
}

/** Replaces the file whole, keeping what it says of other backups; creates its folder. For its owner alone. */
export async function rememberDevice(file: string, server: string, device: SyncDevice): Promise<void> {
  const { backupId, signing, backupKey, seen } = device
  if (!(backupKey instanceof Uint8Array)) throw new TypeError('A locked backup key cannot be written to a file')
  const signingKey = Buffer.from(await exportSigningKey(signing)).toString('base64')
  const key = Buffer.from(backupKey).toString('base64')
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await withLockFile(file, async () => {
    const { backups } = await readState(file)
    const others = backups.filter((entry) => entry.server !== server || entry.backupId !== backupId)
    const state: State = { format: 1, backups: [...others, { server, backupId, signingKey, backupKey: key, ...seen }] }
    await writeFileAtomically(file, `${JSON.stringify(state, null, 2)}\n`, 0o600)
  })
}

async function readState(file: string): Promise<State> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw usageFailure(`${file} cannot be read (${error.code})`)
  })
  if (text === null) return { format: 1, backups: [] }
  try {
    const state = JSON.parse(text)
    if (isState(state)) return state
  } catch {
    // The parser's message would quote the file.
  }
  throw usageFailure(`${file} is not a state file of this program; it may hold keys, so it is left as it is`)
}

function isState(value: Partial<State> | null): value is State {
  const texts = ['server', 'backupId', 'signingKey', 'backupKey', 'manifestHash'] as const
  return (
    value?.format === 1 &&
    Array.isArray(value.backups) &&
    value.backups.every(
      (entry) => texts.every((name) => typeof entry?.[name] === 'string') && Number.isSafeInteger(entry.savedAt),
    )
  )
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}
