import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { type Belongings, belongingsFile } from '#server/config/belongings.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'

/** Of the data folder; what is not named here moves house: keys, certificates, whatever a later version adds. */
const staysBehind = new Set([
  'blobs',
  'snapshots',
  'snapshot-work',
  'lock.sqlite',
  'reserve',
  'reserve.new',
  'run.json',
  'restoring.json',
  'restoring',
  'moving-in.json',
  'before-restore',
  'setup-code',
  belongingsFile,
])
const database = /^hearthkeep\.sqlite(-wal|-shm|-journal|\.restoring.*)?$/
/** Bytes of one file, and of all: keys and certificates are small. */
const longestFile = 1024 * 1024
const longestAll = 64 * 1024 * 1024

const shape = z.object({
  format: z.literal('hearthkeep-household'),
  version: z.literal(1),
  /** Of the program that wrote it. */
  program: z.string(),
  /** Name of the snapshot it belongs to. */
  snapshot: z.string(),
  createdAt: z.number(),
  belongings: z.object({ values: z.record(z.string(), z.string()), left: z.array(z.string()) }),
  /** Path in the data folder with `/`, base64. */
  files: z.array(z.object({ path: z.string(), mode: z.number(), bytes: z.base64() })),
  /** Id, size, SHA-256 of the plain bytes: what the database says, said again. */
  objects: z.array(z.tuple([z.string(), z.number(), z.string()])),
})

/** What makes a data folder a certain server's, beside its database and its objects; sealed in the snapshot. */
export type Household = z.infer<typeof shape>

type Packed = {
  dataFolder: string
  belongings: Belongings
  program: string
  snapshot: string
  createdAt: number
  objects: Household['objects']
}

/** @returns `skipped`: files too large to be keys or certificates; somebody else's, most likely */
export async function packHousehold({
  dataFolder,
  ...rest
}: Packed): Promise<{ household: Household; skipped: string[] }> {
  const files: Household['files'] = []
  const skipped: string[] = []
  let total = 0
  for await (const path of filesIn(dataFolder)) {
    const full = join(dataFolder, ...path.split('/'))
    const found = await stat(full)
    if (found.size > longestFile || total + found.size > longestAll) {
      skipped.push(path)
      continue
    }
    total += found.size
    files.push({ path, mode: found.mode & 0o777, bytes: (await readFile(full)).toString('base64') })
  }
  return { household: { format: 'hearthkeep-household', version: 1, files, ...rest }, skipped }
}

async function* filesIn(folder: string, under = ''): AsyncGenerator<string, void, void> {
  for (const entry of await readdir(join(folder, under), { withFileTypes: true })) {
    const path = under ? `${under}/${entry.name}` : entry.name
    if (!under && (staysBehind.has(entry.name) || database.test(entry.name))) continue
    if (entry.name.endsWith('.tmp')) continue
    if (entry.isDirectory()) yield* filesIn(folder, path)
    else if (entry.isFile()) yield path
  }
}

export async function* householdBytes(household: Household): Chunks {
  yield Buffer.from(JSON.stringify(household))
}

/** @throws Error for one of a newer version */
export async function readHousehold(plain: Chunks): Promise<Household> {
  const parts: Uint8Array[] = []
  for await (const part of plain) parts.push(part)
  const read = shape.safeParse(JSON.parse(Buffer.concat(parts).toString()))
  if (!read.success) throw new Error('The snapshot was made by a newer version of Hearthkeep; install that version')
  return read.data
}

/** Put the files back, and what the environment was, for the server's own user alone. */
export async function unpackHousehold(household: Household, dataFolder: string): Promise<void> {
  for (const { path, mode, bytes } of household.files) {
    const parts = path.split('/')
    if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part)))
      throw new Error(`The snapshot names a file outside the data folder: ${path}`)
    const full = join(dataFolder, ...parts)
    await mkdir(dirname(full), { recursive: true, mode: 0o700 })
    await writeFileAtomically(full, Buffer.from(bytes, 'base64'), mode & 0o700)
  }
  const values = `${JSON.stringify(household.belongings.values, null, 2)}\n`
  await writeFileAtomically(join(dataFolder, belongingsFile), values, 0o600)
}
