import type { Config } from '#server/config/env.ts'
import type { BlobStore } from './blob-store.ts'

/** Where objects may lie. `folder`: null = the data folder's own. */
export type Place = Config['blobs']

export type OpenPlace = { place: Place; store: BlobStore }

/** Tells places apart, whatever credentials lead there; holds none. */
export function nameOfPlace(place: Place): string {
  if (place.kind === 'disk') return place.folder === null ? 'disk' : `disk ${place.folder}`
  const { endpoint, bucket, prefix } = place.s3
  return ['s3', endpoint, bucket, prefix].join(' ')
}
