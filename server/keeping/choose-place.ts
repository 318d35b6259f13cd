import { nameOfPlace, type Place } from '#server/blobs/place.ts'
import { changeVariables, type KeptNeeds, type VariableChanges } from '#server/config/kept-variables.ts'

const s3Names = {
  endpoint: 'HEARTHKEEP_S3_ENDPOINT',
  region: 'HEARTHKEEP_S3_REGION',
  bucket: 'HEARTHKEEP_S3_BUCKET',
  accessKeyId: 'HEARTHKEEP_S3_ACCESS_KEY_ID',
  secretAccessKey: 'HEARTHKEEP_S3_SECRET_ACCESS_KEY',
  prefix: 'HEARTHKEEP_S3_PREFIX',
  forcePathStyle: 'HEARTHKEEP_S3_FORCE_PATH_STYLE',
} as const

const names = ['HEARTHKEEP_BLOBS', 'HEARTHKEEP_BLOBS_DIR', ...Object.values(s3Names)]

/** Variables of the environment that say where objects lie. */
export function pinnedPlaceNames({ config }: Pick<KeptNeeds, 'config'>): string[] {
  return names.filter((name) => name in config.sources.environment)
}

/**
 * Keep, for the next start, where the objects lie. What the configuration says already is not written again.
 *
 * @throws config.pinned when the environment says something else
 */
export async function choosePlace(ctx: KeptNeeds, place: Place): Promise<void> {
  if (isSame(ctx.config.blobs, place)) return
  await changeVariables(ctx, null, variablesOf(place), null, { alreadyTrue: names })
}

function isSame(one: Place, other: Place): boolean {
  const key = (place: Place) => (place.kind === 's3' ? `${place.s3.accessKeyId} ${place.s3.secretAccessKey}` : '')
  return nameOfPlace(one) === nameOfPlace(other) && key(one) === key(other)
}

function variablesOf(place: Place): VariableChanges {
  const none = Object.fromEntries(names.map((name) => [name, null]))
  if (place.kind === 'disk')
    return place.folder === null ? none : { ...none, HEARTHKEEP_BLOBS: 'disk', HEARTHKEEP_BLOBS_DIR: place.folder }
  const given = Object.entries(s3Names).map(([field, name]) => {
    const value = place.s3[field as keyof typeof s3Names]
    return [name, value === undefined || value === '' ? null : String(value)]
  })
  return { ...none, HEARTHKEEP_BLOBS: 's3', ...Object.fromEntries(given) }
}
