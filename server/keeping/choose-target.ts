import { rm, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { openPlace } from '#server/blobs/open-place.ts'
import type { Place } from '#server/blobs/place.ts'
import { type SelfTestResult, selfTest } from '#server/blobs/self-test.ts'
import type { SnapshotConfig } from '#server/config/keeping-env.ts'
import { changeVariables, type KeptNeeds, type VariableChanges } from '#server/config/kept-variables.ts'
import { reasonOf } from '#server/kit/reason-of.ts'

/** Why snapshots cannot go somewhere. */
export type TargetRefusal = 'pinned' | 'not_absolute' | 'in_data_folder' | 'no_folder' | 'settings'

export type TriedTarget = { steps: SelfTestResult[]; refusal: TargetRefusal | null; detail: string | null }

const s3Names = {
  endpoint: 'HEARTHKEEP_SNAPSHOT_S3_ENDPOINT',
  region: 'HEARTHKEEP_SNAPSHOT_S3_REGION',
  bucket: 'HEARTHKEEP_SNAPSHOT_S3_BUCKET',
  accessKeyId: 'HEARTHKEEP_SNAPSHOT_S3_ACCESS_KEY_ID',
  secretAccessKey: 'HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY',
  prefix: 'HEARTHKEEP_SNAPSHOT_S3_PREFIX',
  forcePathStyle: 'HEARTHKEEP_SNAPSHOT_S3_FORCE_PATH_STYLE',
} as const

const names = ['HEARTHKEEP_SNAPSHOT_DIR', ...Object.values(s3Names)]

/** Variables of the environment that say where snapshots go. */
export function pinnedTargetNames({ config }: Pick<KeptNeeds, 'config'>): string[] {
  return names.filter((name) => name in config.sources.environment)
}

/** Try a place for snapshots, in a corner of it that is gone afterwards. */
export async function tryTarget(ctx: Pick<KeptNeeds, 'config' | 'ids'>, target: SnapshotConfig): Promise<TriedTarget> {
  const refused = (refusal: TargetRefusal, detail: string | null = null) => ({ steps: [], refusal, detail })
  const pinned = pinnedTargetNames(ctx)
  if (pinned.length > 0) return refused('pinned', pinned.join(', '))
  if (target.kind === 'folder') {
    const { folder } = target
    if (!isAbsolute(folder) || resolve(folder) !== folder) return refused('not_absolute')
    const way = relative(ctx.config.dataFolder, folder)
    if (!way.startsWith('..') && !isAbsolute(way)) return refused('in_data_folder')
    const found = await stat(folder).catch(() => null)
    if (!found?.isDirectory()) return refused('no_folder', folder)
  }
  const corner = `hearthkeep-test-${ctx.ids.randomUuid()}`
  const place: Place =
    target.kind === 'folder'
      ? { kind: 'disk', folder: join(target.folder, corner) }
      : {
          kind: 's3',
          s3: { ...target.s3, prefix: [target.s3.prefix.replace(/\/+$/, ''), corner].filter(Boolean).join('/') },
        }
  try {
    const { store } = await openPlace(place, ctx.config.dataFolder, { make: true })
    try {
      return { steps: await selfTest(store), refusal: null, detail: null }
    } finally {
      await store.close()
    }
  } catch (error) {
    return refused('settings', reasonOf(error))
  } finally {
    if (place.kind === 'disk' && place.folder !== null) await rm(place.folder, { recursive: true, force: true })
  }
}

/**
 * Where snapshots go from now on; null = none are taken. What is in the place before stays there.
 *
 * @throws config.pinned, config.refused
 */
export async function chooseTarget(
  ctx: KeptNeeds,
  target: SnapshotConfig | null,
  actor: { accountId: string; address: string },
): Promise<void> {
  const changes: VariableChanges = Object.fromEntries(names.map((name) => [name, null]))
  if (target?.kind === 'folder') changes.HEARTHKEEP_SNAPSHOT_DIR = target.folder
  if (target?.kind === 's3')
    for (const [field, name] of Object.entries(s3Names)) {
      const value = target.s3[field as keyof typeof s3Names]
      changes[name] = value === undefined || value === '' ? null : String(value)
    }
  await changeVariables(ctx, actor, changes, actor.address)
}
