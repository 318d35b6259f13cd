import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { DatabaseTooNew } from '#db/migration-state.ts'
import { defaultDataFolder } from '#server/config/data-folder.ts'
import { ConfigError } from '#server/config/env.ts'
import { DataFolderInUse } from '#server/config/lock-data-folder.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { RestoreUnfinished } from '#server/config/restoring.ts'
import { CertificateUnusable } from '#server/lan/certificate-file.ts'
import { preparedPages, runServer } from '#server/main.ts'
import { moveIn } from '#server/setup/move-in.ts'
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
    await runUntilTheEnd(env, stop.signal)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`)
    process.exit(1)
  }
}

/** A server that was restored while an empty one ran takes over in the same process, so that nobody has to start it. */
async function runUntilTheEnd(env: Record<string, string | undefined>, stop: AbortSignal): Promise<void> {
  const pages = preparedPages(join(import.meta.dirname, '..'))
  let port: number | null = null
  for (;;) {
    await moveIn(resolve(defaultDataFolder(env)))
    const config = readServerConfig(port === null ? env : { ...env, HEARTHKEEP_HTTP_PORT: String(port) })
    const wireThroughPages = env.HEARTHKEEP_TEST_DOOR === 'pages'
    const end = await runServer({ config, version, migrationsFolder, pages, stop, wireThroughPages })
    if (!end.again) return
    port = end.port
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
