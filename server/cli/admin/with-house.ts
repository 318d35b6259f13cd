import { existsSync } from 'node:fs'
import { type Database, openDatabase } from '#db/client.ts'
import { localServer, localServerForHouse } from '#server/cli/local-server.ts'
import { migrationsFolder } from '#server/cli/migrations-folder.ts'
import type { Config } from '#server/config/env.ts'
import { databasePath, readServerConfig } from '#server/config/read-server-config.ts'
import { openSettings, type Settings } from '#server/config/settings.ts'
import { type Clock, systemClock } from '#server/kit/clock.ts'
import { type Ids, systemIds } from '#server/kit/ids.ts'

export type AdminHouse = {
  ctx: { clock: Clock; ids: Ids }
  config: Config
  db: Database
  settings: Settings
  /** Base of links, without a trailing slash. */
  base: string
}

/**
 * Do something with the database of this machine's server, whether it runs or not.
 *
 * @param read  how the configuration is made of the environment
 */
export async function withHouse(
  work: (house: AdminHouse) => void | Promise<void>,
  read: (env: Record<string, string | undefined>) => Config = readServerConfig,
): Promise<void> {
  const config = read(process.env)
  const path = databasePath(config.dataFolder)
  if (!existsSync(path)) return fail(`There is no server in ${config.dataFolder} yet; set HEARTHKEEP_DATA_DIR.`)
  const clock = systemClock
  const db = openDatabase({ path, migrationsFolder })
  try {
    const base = config.publicUrl ?? localServerForHouse() ?? localServer() ?? `http://127.0.0.1:${config.httpPort}`
    await work({ ctx: { clock, ids: systemIds(clock) }, config, db, settings: openSettings(db, config), base })
  } finally {
    db.close()
  }
}

export function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

export function fail(words: string): void {
  process.stderr.write(`${words}\n`)
  process.exitCode = 1
}
