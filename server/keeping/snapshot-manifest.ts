import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import type { Generation } from './snapshot-target.ts'

/** Something stored in the target: sealed bytes, their number and their SHA-256 (hex). */
export type Piece = { id: string; size: number; sha256: string }

/**
 * What belongs to a snapshot. It can be read without the recovery key, for the server must know what it may prune; it
 * says no more than the target's own listing does. What the pieces hold is sealed.
 */
export type Manifest = {
  /** `20261121-020000000-1a2b3c4d`, UTC to the millisecond; sorts by time of making. */
  name: string
  keyId: string
  /** Milliseconds. */
  createdAt: number
  database: Piece
  household: Piece
  objects: Piece[]
}

/** The manifest is not the one that this server, or one with its key, has written. */
export class ManifestDamaged extends Error {
  readonly snapshot: string

  constructor(snapshot: string, why: string) {
    super(`The manifest of snapshot ${snapshot} is damaged: ${why}`)
    this.name = 'ManifestDamaged'
    this.snapshot = snapshot
  }
}

const format = 'hearthkeep-snapshot'
const version = 1
/** Bytes; some millions of objects. */
const longest = 512 * 1024 * 1024

const pieceId = z.string().regex(/^[0-9a-f-]{8,64}$/)
const tuple = z.tuple([pieceId, z.number().int().nonnegative(), z.string().regex(/^[0-9a-f]{64}$/)])
const shape = z.object({
  format: z.literal(format),
  version: z.literal(version),
  name: z.string(),
  keyId: z.string(),
  createdAt: z.number(),
  database: tuple,
  household: tuple,
  objects: z.array(tuple),
})

/**
 * A name that sorts behind all there are, even if the clock has been put back: the newest snapshot is the last one.
 *
 * @param newest  name of the newest there is
 * @param random  four bytes: two servers may begin in one moment
 */
export function snapshotName(now: number, newest: string | undefined, random: Buffer): string {
  const at = Math.max(now, newest === undefined ? 0 : timeOf(newest) + 1)
  const digits = new Date(at).toISOString().replace(/\D/g, '')
  return `${digits.slice(0, 8)}-${digits.slice(8, 17)}-${random.toString('hex')}`
}

/** 0 for what is no name of ours. */
function timeOf(name: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})-/.exec(name)?.slice(1).map(Number)
  if (!parts) return 0
  const [year = 0, month = 1, date = 1, hours, minutes, seconds, milliseconds] = parts
  return Date.UTC(year, month - 1, date, hours, minutes, seconds, milliseconds)
}

/** One line with the sum over the rest, then JSON. */
export function encodeManifest(manifest: Manifest, manifestKey: Buffer): Buffer {
  const { name, keyId, createdAt, database, household, objects } = manifest
  const json = JSON.stringify({
    format,
    version,
    name,
    keyId,
    createdAt,
    database: asTuple(database),
    household: asTuple(household),
    objects: objects.map(asTuple),
  })
  return Buffer.from(`${sumOf(json, manifestKey)}\n${json}`)
}

/** @throws ManifestDamaged */
export function decodeManifest(name: string, bytes: Buffer, manifestKey: Buffer): Manifest {
  const end = bytes.indexOf('\n')
  const json = bytes.subarray(end + 1).toString()
  if (end < 0 || !sameSecret(bytes.subarray(0, end).toString(), sumOf(json, manifestKey)))
    throw new ManifestDamaged(name, 'its sum does not fit')
  const read = shape.safeParse(JSON.parse(json))
  if (!read.success) throw new ManifestDamaged(name, 'a newer version of Hearthkeep may have written it')
  if (read.data.name !== name) throw new ManifestDamaged(name, `it is that of ${read.data.name}`)
  const { keyId, createdAt, database, household, objects } = read.data
  return {
    name,
    keyId,
    createdAt,
    database: asPiece(database),
    household: asPiece(household),
    objects: objects.map(asPiece),
  }
}

/** Names of complete snapshots, newest first. @throws store.unavailable */
export async function listSnapshots(generation: Pick<Generation, 'manifests'>): Promise<string[]> {
  const names: string[] = []
  for await (const { id } of generation.manifests.list()) names.push(id)
  return names.sort().reverse()
}

/** @throws ManifestDamaged, store.unavailable */
export async function readManifest(manifests: BlobStore, name: string, manifestKey: Buffer): Promise<Manifest> {
  const reader = await manifests.open(name)
  if (!reader) throw new ManifestDamaged(name, 'it is not there')
  const parts: Uint8Array[] = []
  try {
    if (reader.size > longest) throw new ManifestDamaged(name, 'it is too large')
    for await (const part of reader.chunks) parts.push(part)
  } finally {
    await reader.close()
  }
  return decodeManifest(name, Buffer.concat(parts), manifestKey)
}

/** Every piece that a snapshot needs. */
export function piecesOf({ database, household, objects }: Manifest): Piece[] {
  return [database, household, ...objects]
}

function sumOf(json: string, manifestKey: Buffer): string {
  return createHmac('sha256', manifestKey).update('hearthkeep snapshot manifest v1\n').update(json).digest('hex')
}

function asTuple({ id, size, sha256 }: Piece): [string, number, string] {
  return [id, size, sha256]
}

function asPiece([id, size, sha256]: [string, number, string]): Piece {
  return { id, size, sha256 }
}
