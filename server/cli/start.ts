import { join } from 'node:path'
import type { Command } from 'commander'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { runServer } from '#server/main.ts'
import { parentOf } from '#server/parent.ts'
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
    await runServer({
      config: readServerConfig(env),
      version,
      migrationsFolder,
      appFolder: join(import.meta.dirname, '..'),
      stop: stop.signal,
      parent,
      wireThroughPages: env.HEARTHKEEP_TEST_DOOR === 'pages',
    })
    process.exit(0)
  } catch (error) {
    const failure = startFailure(error)
    process.stderr.write(`${failure.words}\n`)
    await parent.failed(failure)
    process.exit(startFailures[failure.reason])
  }
}
