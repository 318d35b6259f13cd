import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { streamZip, type ZipEntry } from './stream-zip.ts'

const at = Date.UTC(2026, 10, 21, 7, 42, 30)

function entry(name: string, content: Uint8Array, more: Partial<ZipEntry> = {}): ZipEntry {
  return { name, modifiedAt: at, atMost: content.length, chunks: inPieces(content), ...more }
}

async function* inPieces(content: Uint8Array) {
  for (let start = 0; start < content.length; start += 10_000) yield content.subarray(start, start + 10_000)
}

async function zipOf(...entries: ZipEntry[]): Promise<Buffer> {
  async function* all() {
    yield* entries
  }
  const parts: Uint8Array[] = []
  for await (const part of streamZip(all())) parts.push(part)
  return Buffer.concat(parts)
}

describe('a zip that is written while it is read', () => {
  test('opens as what went in, empty files and names of other tongues included', async () => {
    const [random, dull] = [randomBytes(300_000), Buffer.alloc(300_000, 'dull ')]
    const zip = await zipOf(entry('a/random.bin', random), entry('dull.txt', dull), entry('Ömer/空.txt', Buffer.of()))
    expect(zip.length).toBeLessThan(320_000)
    const files = readZip(zip)
    expect([...files.keys()]).toEqual(['a/random.bin', 'dull.txt', 'Ömer/空.txt'])
    expect(Buffer.from(files.get('a/random.bin') ?? []).equals(random)).toBe(true)
    expect(Buffer.from(files.get('dull.txt') ?? []).equals(dull)).toBe(true)
    expect(files.get('Ömer/空.txt')).toHaveLength(0)
  })

  test('of nothing is a zip too', async () => {
    expect(readZip(await zipOf()).size).toBe(0)
  })

  test('says sizes in eight bytes where four might not do (APPNOTE 4.3.9.2, 4.5.3)', async () => {
    const zip = await zipOf(entry('log', Buffer.from('short after all'), { atMost: 5 * 2 ** 30 }))
    expect(zip.readUInt16LE(4)).toBe(45)
    expect(zip.readUInt32LE(22)).toBe(0xffffffff)
    const central = zip.indexOf(Buffer.from('504b0102', 'hex'))
    expect(zip.readUInt16LE(central + 6)).toBe(45)
    const extra = central + 46 + 'log'.length
    expect([zip.readUInt16LE(extra), zip.readUInt16LE(extra + 2)]).toEqual([1, 24])
    expect(zip.readBigUInt64LE(extra + 4)).toBe(15n)
  })

  test('counts more than 65 535 files', { timeout: 120_000 }, async () => {
    const many = Array.from({ length: 65_540 }, (_, index) => entry(`${index}`, Buffer.of()))
    const zip = await zipOf(...many)
    const end = zip.length - 22
    expect(zip.readUInt16LE(end + 10)).toBe(0xffff)
    expect(zip.readBigUInt64LE(end - 20 - 56 + 32)).toBe(65_540n)
    expect(zip.readBigUInt64LE(end - 20 + 8)).toBe(BigInt(end - 20 - 56))
  })

  test('fails as its source does, and for one that is longer than it said', async () => {
    async function* broken() {
      yield randomBytes(10)
      throw new Error('the disk is gone')
    }
    await expect(zipOf(entry('x', Buffer.of(), { chunks: broken(), atMost: 100 }))).rejects.toThrow('the disk is gone')
    await expect(zipOf(entry('x', randomBytes(20), { atMost: 10 }))).rejects.toThrow(RangeError)
  })

  test('lets go of its source when the reader leaves', async () => {
    let closed = false
    async function* endless() {
      try {
        for (;;) yield randomBytes(100_000)
      } finally {
        closed = true
      }
    }
    async function* one() {
      yield entry('x', Buffer.of(), { chunks: endless(), atMost: Number.MAX_SAFE_INTEGER })
    }
    let read = 0
    for await (const chunk of streamZip(one())) {
      read += chunk.length
      if (read > 500_000) break
    }
    await expect.poll(() => closed).toBe(true)
  })
})
