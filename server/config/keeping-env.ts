import { isAbsolute, relative, resolve } from 'node:path'
import { z } from 'zod'
import type { S3Config } from './env.ts'

/** What the server is told about looking after itself. */
export const keepingVariables = {
  HEARTHKEEP_SNAPSHOT_DIR: z.string().optional(),
  HEARTHKEEP_SNAPSHOT_S3_ENDPOINT: z.url().optional(),
  HEARTHKEEP_SNAPSHOT_S3_REGION: z.string().default('us-east-1'),
  HEARTHKEEP_SNAPSHOT_S3_BUCKET: z.string().min(3).optional(),
  HEARTHKEEP_SNAPSHOT_S3_ACCESS_KEY_ID: z.string().optional(),
  HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY: z.string().optional(),
  HEARTHKEEP_SNAPSHOT_S3_PREFIX: z.string().default(''),
  HEARTHKEEP_SNAPSHOT_S3_FORCE_PATH_STYLE: z.stringbool().default(true),
  HEARTHKEEP_SNAPSHOT_HOURS: z.coerce
    .number()
    .positive()
    .max(24 * 366)
    .optional(),
  HEARTHKEEP_SNAPSHOT_KEEP_DAILY: z.coerce.number().int().min(1).max(366).optional(),
  HEARTHKEEP_SNAPSHOT_KEEP_WEEKLY: z.coerce.number().int().min(0).max(520).optional(),
  HEARTHKEEP_SCRUB_DAYS: z.coerce.number().positive().max(366).optional(),
}

type Variables = z.infer<z.ZodObject<typeof keepingVariables>>

/** Where server snapshots go. */
export type SnapshotConfig = { kind: 'folder'; folder: string } | { kind: 's3'; s3: S3Config }

/** A snapshot on the disk it is to save from, inside the folder it copies, is none. */
export function snapshotFaults(v: Variables, dataFolder: string): string[] {
  const faults: string[] = []
  const { HEARTHKEEP_SNAPSHOT_DIR: folder, HEARTHKEEP_SNAPSHOT_S3_BUCKET: bucket } = v
  if (folder !== undefined && bucket !== undefined)
    faults.push('HEARTHKEEP_SNAPSHOT_DIR, HEARTHKEEP_SNAPSHOT_S3_BUCKET: one of them, not both')
  const inside = folder === undefined ? null : relative(dataFolder, resolve(folder))
  if (inside !== null && !inside.startsWith('..') && !isAbsolute(inside))
    faults.push('HEARTHKEEP_SNAPSHOT_DIR: must not be inside the data folder')
  if (bucket !== undefined)
    for (const name of ['HEARTHKEEP_SNAPSHOT_S3_ACCESS_KEY_ID', 'HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY'] as const)
      if (v[name] === undefined) faults.push(`${name}: needed with HEARTHKEEP_SNAPSHOT_S3_BUCKET`)
  return faults
}

export function snapshotConfig(v: Variables): SnapshotConfig | null {
  if (v.HEARTHKEEP_SNAPSHOT_DIR !== undefined) return { kind: 'folder', folder: resolve(v.HEARTHKEEP_SNAPSHOT_DIR) }
  if (v.HEARTHKEEP_SNAPSHOT_S3_BUCKET === undefined) return null
  return { kind: 's3', s3: { ...snapshotS3(v), bucket: v.HEARTHKEEP_SNAPSHOT_S3_BUCKET } }
}

function snapshotS3(v: Variables): Omit<S3Config, 'bucket'> {
  return {
    endpoint: v.HEARTHKEEP_SNAPSHOT_S3_ENDPOINT,
    region: v.HEARTHKEEP_SNAPSHOT_S3_REGION,
    accessKeyId: v.HEARTHKEEP_SNAPSHOT_S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: v.HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY ?? '',
    prefix: v.HEARTHKEEP_SNAPSHOT_S3_PREFIX,
    forcePathStyle: v.HEARTHKEEP_SNAPSHOT_S3_FORCE_PATH_STYLE,
  }
}
