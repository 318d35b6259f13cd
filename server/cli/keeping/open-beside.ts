import { existsSync } from 'node:fs'
import { openDatabase } from '#db/client.ts'
import { migrationsFolder } from '#server/cli/migrations-folder.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { version } from '#server/cli/version.ts'
import type { Config } from '#server/config/env.ts'
import { databasePath } from '#server/config/read-server-config.ts'
import { requireNoRestore } from '#server/config/restoring.ts'
import { readSecrets } from '#server/config/secrets.ts'
import { openSettings } from '#server/config/settings.ts'
import type { KeepingNeeds } from '#server/keeping/needs.ts'
import { openStores } from '#server/keeping/open-stores.ts'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import { createLog } from '#server/kit/log.ts'
import { Vault } from '#server/vault/vault.ts'

/**
 * What keeping needs, opened beside a running server or without one: SQLite lets two processes in, objects never
 * change, and runs of snapshots have a lock of their own.
 *
 * @throws usage failure when there is no server in the folder; RestoreUnfinished, DatabaseTooNew
 */
export async function openBeside(config: Config): Promise<KeepingNeeds & AsyncDisposable> {
  process.umask(0o077)
  const path = databasePath(config.dataFolder)
  requireNoRestore(config.dataFolder)
  if (!existsSync(path)) throw usageFailure(`There is no server in ${config.dataFolder} yet; set HEARTHKEEP_DATA_DIR.`)
  await using stack = new AsyncDisposableStack()
  const clock = systemClock
  const ids = systemIds(clock)
  const log = createLog('silent')
  const db = openDatabase({ path, migrationsFolder })
  stack.defer(() => db.close())
  const settings = openSettings(db, config)
  if (settings.values.belongings) config.belongings = settings.values.belongings
  const blobs = await openStores({ config, db, secrets: await readSecrets(config.dataFolder, ids) })
  stack.defer(() => blobs.close())
  const vault = new Vault({ db, blobs, clock, ids, log, settings })
  const opened = stack.move()
  const needs = { config, db, blobs, vault, clock, ids, settings, log, version }
  return { ...needs, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
