import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { defaultDataFolder } from '#server/config/data-folder.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { preparedPages, runServer } from '#server/main.ts'
import { type Parent, parentOf } from '#server/parent.ts'
import { moveIn } from '#server/setup/move-in.ts'
import { migrationsFolder } from './migrations-folder.ts'
import { startFailure, startFailures } from './start-failure.ts'
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
  const parent = parentOf(process)
  if (process.channel) {
    process.on('disconnect', () => stop.abort())
    process.channel.unref()
  }
  try {
    await runUntilTheEnd(env, stop.signal, parent)
    process.exit(0)
  } catch (error) {
    const failure = startFailure(error)
    process.stderr.write(`${failure.words}\n`)
    await parent.failed(failure)
    process.exit(startFailures[failure.reason])
  }
}

/** A server that was restored while an empty one ran takes over in the same process, so that nobody has to start it. */
async function runUntilTheEnd(
  env: Record<string, string | undefined>,
  stop: AbortSignal,
  parent: Parent,
): Promise<void> {
  const pages = preparedPages(join(import.meta.dirname, '..'))
  let port: number | null = null
  for (;;) {
    await moveIn(resolve(defaultDataFolder(env)))
    const config = readServerConfig(port === null ? env : { ...env, HEARTHKEEP_HTTP_PORT: String(port) })
    const wireThroughPages = env.HEARTHKEEP_TEST_DOOR === 'pages'
    const end = await runServer({ config, version, migrationsFolder, pages, stop, parent, wireThroughPages })
    if (!end.again) return
    port = end.port
  }
}
