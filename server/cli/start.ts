import { join } from 'node:path'
import type { Command } from 'commander'
import { DatabaseTooNew } from '#db/migration-state.ts'
import { ConfigError } from '#server/config/env.ts'
import { DataFolderInUse } from '#server/config/lock-data-folder.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { RestoreUnfinished } from '#server/config/restoring.ts'
import { CertificateUnusable } from '#server/lan/certificate-file.ts'
import { runServer } from '#server/main.ts'
import { migrationsFolder } from './migrations-folder.ts'
import { version } from './version.ts'

export function register(program: Command): void {
  program
    .command('start')
    .description('Run the server in the foreground; everything is set by environment variables (see README)')
    .action(() => start(process.env))
}

async function start(env: Record<string, string | undefined>): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  if (process.channel) {
    process.on('disconnect', () => stop.abort())
    process.channel.unref()
  }
  try {
    await runServer({
      config: readServerConfig(env),
      version,
      migrationsFolder,
      appFolder: join(import.meta.dirname, '..'),
      stop: stop.signal,
      wireThroughPages: env.HEARTHKEEP_TEST_DOOR === 'pages',
    })
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`)
    process.exit(1)
  }
}

const known = [ConfigError, DataFolderInUse, RestoreUnfinished, DatabaseTooNew, CertificateUnusable]

/** What a person can act on; anything else with its stack, for a report. */
function inWords(error: unknown): string {
  if (known.some((kind) => error instanceof kind)) return (error as Error).message
  const { code, port, path } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use; choose another with HEARTHKEEP_HTTP_PORT or HEARTHKEEP_HTTPS_PORT (0 = any free one).`
  if (code === 'EACCES' || code === 'EROFS') return `The data folder cannot be written: ${path ?? ''}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
