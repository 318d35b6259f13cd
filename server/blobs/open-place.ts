import { join } from 'node:path'
import { diskStore } from './disk.ts'
import type { OpenPlace, Place } from './place.ts'

/**
 * Open a place. The S3 client is loaded only where it is used; it costs a fifth of the start.
 *
 * @param make  make the folder when it is missing; otherwise a folder of the keeper's choice that is not there is a disk
 *   that is not plugged in, and the store is away
 * @throws store.full, store.unavailable; Error for settings that cannot work
 */
export async function openPlace(place: Place, dataFolder: string, { make }: { make: boolean }): Promise<OpenPlace> {
  if (place.kind === 'disk') {
    if (place.folder === null) return { place, store: diskStore({ folder: join(dataFolder, 'blobs') }) }
    return { place, store: diskStore({ folder: place.folder, mustExist: !make }) }
  }
  const { s3Store } = await import('./s3.ts')
  return { place, store: s3Store(place.s3) }
}
