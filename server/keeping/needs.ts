import type { Database } from '#db/client.ts'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import type { Config } from '#server/config/env.ts'
import type { Settings } from '#server/config/settings.ts'
import type { Context } from '#server/context.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import type { Vault } from '#server/vault/vault.ts'

/** The running server, as it is for what belongs to it (`keeping-desk.ts`). */
export type RunningServer = Omit<Context, 'keeping'>

/** What the server looks after itself with; the command line has as much, beside a running server or without one. */
export type KeepingNeeds = {
  config: Config
  db: Database
  blobs: BlobStore
  vault: Vault
  clock: Clock
  ids: Ids
  settings: Settings
  log: Log
  /** Of the program. */
  version: string
}
