import { openDatabase } from '#db/client.ts'
import type { Config } from '#server/config/env.ts'
import { lockDataFolder } from '#server/config/lock-data-folder.ts'
import { networkFileSystem } from '#server/config/network-folder.ts'
import { databasePath } from '#server/config/read-server-config.ts'
import { requireNoRestore } from '#server/config/restoring.ts'
import { readSecrets } from '#server/config/secrets.ts'
import { openSettings } from '#server/config/settings.ts'
import { openStores } from '#server/keeping/open-stores.ts'
import { keepReserve } from '#server/keeping/reserve.ts'
import { type MachineClock, systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import type { RecentLines } from '#server/kit/recent-lines.ts'
import { ChallengeTokens } from '#server/webauthn/challenge-tokens.ts'
import { type Context, createContext } from './context.ts'

/** What goes on in the background ends soon when it is told to, unless a store hangs. */
const closingMilliseconds = 3_000

export type House = { ctx: Context } & AsyncDisposable

export type OpenHouse = {
  config: Config
  log: Log
  version: string
  migrationsFolder: string
  clock?: MachineClock
  lines?: RecentLines
}

/**
 * Lock the data folder, open everything in it and make the one context. What was opened is closed in reverse order
 * when the house is disposed of, or when opening fails half-way.
 *
 * @throws DataFolderInUse, RestoreUnfinished, DatabaseTooNew
 */
export async function openHouse({
  config,
  log,
  version,
  migrationsFolder,
  clock = systemClock,
  lines,
}: OpenHouse): Promise<House> {
  await using stack = new AsyncDisposableStack()
  const { dataFolder } = config
  stack.use(lockDataFolder(dataFolder))
  requireNoRestore(dataFolder)
  // Before the database: it needs room to open.
  await keepReserve(dataFolder)

  const remote = await networkFileSystem(dataFolder)
  if (remote) log.warn({ fileSystem: remote }, 'the data folder is on a network file system; keep it on a local disk')

  const ids = systemIds(clock)
  const secrets = await readSecrets(dataFolder, ids)
  const db = openDatabase({
    path: databasePath(dataFolder),
    migrationsFolder,
    onMigrate: (snapshot) => log.info({ snapshot }, 'the database was copied before its migration'),
  })
  stack.defer(() => db.close())

  const settings = openSettings(db, config)
  const blobs = await openStores({ config, db, secrets })
  stack.defer(() => blobs.close())

  const challenges = await ChallengeTokens.open({ dataFolder, clock, ids, log })
  const ctx = createContext({
    config,
    secrets,
    settings,
    clock,
    ids,
    log,
    db,
    blobs,
    challenges,
    version,
    ...(lines && { lines }),
  })
  stack.defer(() => ctx.guesses.settle())
  stack.defer(() => ctx.settled.settle().catch((error) => log.warn({ error }, 'the time was not written down')))
  stack.defer(() => ctx.outbox.stop())
  stack.defer(() => ctx.work.close(closingMilliseconds))
  const opened = stack.move()
  return { ctx, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
