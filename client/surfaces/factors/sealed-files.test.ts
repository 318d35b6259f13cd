import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBackupKey, lockBackupKey } from './backup-key.ts'
import { fileFromBytes, readPieces } from './file-source.ts'
import { openFiles } from './open-files.ts'
import { type SealedFiles, type SealOptions, sealFiles } from './seal-files.ts'
import { chunkLength, headerLength, tagLength } from './sealed-format.ts'

const backupId = `backup_account_02${'ab'.repeat(32)}`
const key = createBackupKey()
const bytes = (length: number) => new Uint8Array(randomBytes(length))
const file = (name: string, content: string) => fileFromBytes(name, new TextEncoder().encode(content))

async function blobOf({ body }: SealedFiles): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(body.open()).arrayBuffer())
}

async function sealed(sources = [file('a.txt', 'hello')], options: SealOptions = {}) {
  const result = await sealFiles(backupId, sources, key, options)
  return { ...result, blob: await blobOf(result), binding: { backupId, manifestHash: result.manifestHash } }
}

describe('what was sealed', () => {
  test('opens again, whatever the sizes, in both paddings, also with a key that cannot be read', async () => {
    const locked = await lockBackupKey(key.slice())
    const size = fc.oneof(fc.nat(3000), fc.integer({ min: chunkLength - 400, max: chunkLength + 40 }), fc.nat(200_000))
    const property = fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/), { selector: (name) => name.split('/')[0] }),
      fc.array(size, { minLength: 8 }),
      fc.constantFrom('none' as const, 'buckets' as const),
      async (names, sizes, padding) => {
        const contents = new Map(names.map((name, index) => [name, bytes(sizes[index] ?? 0)]))
        const sources = [...contents].map(([name, content]) => fileFromBytes(name, content))
        const { blob, body, binding } = await sealed(sources, { padding })
        expect(blob.byteLength).toBe(body.length)
        const opened = await openFiles(blob, locked, binding)
        expect(opened.files).toEqual(new Map([...contents].sort(([one], [other]) => (one < other ? -1 : 1))))
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })

  test('has a length that tells a bucket only, up to exactly 15 MiB', async () => {
    for (const size of [0, 1, 500, 700])
      expect((await sealed([fileFromBytes('a', bytes(size))])).body.length).toBe(1024)
    const most = 15 * 1024 * 1024 - headerLength - 240 * tagLength - 400
    const full = await sealed([fileFromBytes('a', bytes(most))])
    expect(full.blob.byteLength).toBe(15 * 1024 * 1024)
    expect((await openFiles(full.blob, key, full.binding)).files.get('a')?.byteLength).toBe(most)
  })

  test('shows nothing of names and contents', async () => {
    const { blob } = await sealed([file('findable-name.txt', 'findable content')])
    expect(Buffer.from(blob).includes('findable')).toBe(false)
  })

  test('is other bytes each time it is sent, so that a file that changes between tries gives nothing away', async () => {
    const result = await sealFiles(backupId, [file('a', 'hello')], key)
    const [one, other] = [await blobOf(result), await blobOf(result)]
    expect(Buffer.from(one).equals(other)).toBe(false)
    for (const blob of [one, other]) await openFiles(blob, key, { backupId, manifestHash: result.manifestHash })
  })

  test('is always newer than the version it follows, even by a clock that stands still', async () => {
    const { manifest } = await sealed(undefined, { after: 5_000, now: () => 3 })
    expect(manifest.savedAt).toBe(5_001)
  })
})

describe('what is not opened', () => {
  test('the blob of another version, or of another backup', async () => {
    const [one, other] = [await sealed(), await sealed()]
    await expect(openFiles(one.blob, key, other.binding)).rejects.toMatchObject({ reason: 'damaged' })
    const elsewhere = { ...one.binding, backupId: `backup_account_03${'ab'.repeat(32)}` }
    await expect(openFiles(one.blob, key, elsewhere)).rejects.toMatchObject({ reason: 'damaged' })
  })

  test('with another key, which is told from damage', async () => {
    const { blob, binding } = await sealed()
    await expect(openFiles(blob, createBackupKey(), binding)).rejects.toMatchObject({ reason: 'wrong-key' })
  })

  test('one with a flipped bit, anywhere', async () => {
    const { blob, binding } = await sealed([fileFromBytes('a', bytes(chunkLength + 100))])
    const places = [0, 4, 5, 6, 8, 40, headerLength, headerLength + chunkLength + tagLength, blob.byteLength - 1]
    for (const place of places) {
      const bad = blob.slice()
      bad[place] = (bad[place] ?? 0) ^ 1
      await expect(openFiles(bad, key, binding), `byte ${place}`).rejects.toMatchObject({
        kind: expect.stringMatching(/^(factor|malformed-sealed-backup)$/),
      })
    }
  })

  test('one cut short, also between two chunks, or with its chunks in another order', async () => {
    const { blob, binding } = await sealed([fileFromBytes('a', bytes(3 * chunkLength))])
    const chunk = chunkLength + tagLength
    const swapped = blob.slice()
    swapped.set(blob.subarray(headerLength, headerLength + chunk), headerLength + chunk)
    swapped.set(blob.subarray(headerLength + chunk, headerLength + 2 * chunk), headerLength)
    const cuts = [0, 3, 80, headerLength, headerLength + chunk, headerLength + 2 * chunk, blob.byteLength - 1]
    for (const bad of [swapped, ...cuts.map((cut) => blob.slice(0, cut))]) {
      await expect(openFiles(bad, key, binding)).rejects.toMatchObject({
        kind: expect.stringMatching(/^(factor|malformed-sealed-backup)$/),
      })
    }
  })

  test('what another app stored, in words of its own', async () => {
    const manifestHash = '00'.repeat(32)
    const foreign = openFiles(bytes(2000), key, { backupId, manifestHash })
    await expect(foreign).rejects.toMatchObject({ kind: 'malformed-sealed-backup' })
  })
})

describe('what is not sealed', () => {
  test('a file that changes between the two passes, or is not as long as it says', async () => {
    let reads = 0
    const source = {
      ...file('a', 'hello'),
      open: () => {
        reads += 1
        return file('a', reads === 1 ? 'hello' : 'HELLO').open()
      },
    }
    const result = await sealFiles(backupId, [source], key)
    await expect(blobOf(result)).rejects.toMatchObject({ reason: 'source-changed' })
    expect(result.fault()).toMatchObject({ reason: 'source-changed', message: expect.stringContaining('a') })
    const short = { ...file('a', 'hello'), size: 6 }
    await expect(sealFiles(backupId, [short], key)).rejects.toMatchObject({ reason: 'source-changed' })
  })

  test('names that lead elsewhere, or are there twice', async () => {
    for (const names of [['../a'], ['/a'], ['a', 'A'], ['a', 'a/b'], ['']]) {
      const sources = names.map((name) => file(name, 'x'))
      await expect(sealFiles(backupId, sources, key)).rejects.toMatchObject({ reason: 'bad-name' })
    }
  })
})

test('reading stops its source where the reader stops', async () => {
  let cancelled = false
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => {
      cancelled = true
    },
  })
  for await (const piece of readPieces(stream)) if (piece.byteLength === 10) break
  expect(cancelled).toBe(true)
})
