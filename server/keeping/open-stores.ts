import type { Database } from '#db/client.ts'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import { openPlace } from '#server/blobs/open-place.ts'
import { nameOfPlace, type Place } from '#server/blobs/place.ts'
import { SwitchingStore } from '#server/blobs/switching-store.ts'
import type { Config } from '#server/config/env.ts'
import type { Secrets } from '#server/config/secrets.ts'
import { readUsage } from '#server/vault/store.ts'
import { isUnderWay, readMove } from './move-state.ts'

type Needs = { config: Config; db: Database; secrets: Secrets }

/** The environment names a place that has nothing to do with the move that is under way. */
export class MovingElsewhere extends Error {
  constructor(from: Place, to: Place, given: Place) {
    super(
      `The objects are on their way from "${nameOfPlace(from)}" to "${nameOfPlace(to)}", but HEARTHKEEP_BLOBS… names "${nameOfPlace(given)}". Start without these variables, and change them when the move has ended or was called off.`,
    )
    this.name = 'MovingElsewhere'
  }
}

/**
 * The store of the server, wherever its objects are: in the place of the configuration, or, while they move, in two.
 *
 * @throws MovingElsewhere; store.unavailable
 */
export async function openStores({ config, db, secrets }: Needs): Promise<SwitchingStore> {
  const move = readMove(db.read, secrets)
  const open = (place: Place) => openPlace(place, config.dataFolder, { make: readUsage(db.read).length === 0 })
  if (!isUnderWay(move)) return new SwitchingStore(await open(config.blobs))
  // The credentials in use may have been changed since the move began.
  const current = (place: Place) => (nameOfPlace(place) === nameOfPlace(config.blobs) ? config.blobs : place)
  const [from, to] = [current(move.from), current(move.to)]
  if (from !== config.blobs && to !== config.blobs) throw new MovingElsewhere(move.from, move.to, config.blobs)
  const [first, second] = move.phase === 'copying' ? [from, to] : [to, from]
  return new SwitchingStore(await open(first), await open(second))
}

/** The place that the configuration names, made when it is missing. */
export async function openStore(config: Config): Promise<BlobStore> {
  return (await openPlace(config.blobs, config.dataFolder, { make: true })).store
}
