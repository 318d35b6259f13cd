import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import { chunksOf, someBytes } from '#server/testing.ts'
import { makeRecoveryKey, parseRecoveryKey, type RecoveryKey } from './recovery-key.ts'
import { openPiece, PieceDamaged, sealedSize, sealPiece } from './sealed-piece.ts'

const chunk = 65_536
const head = 40
let key: RecoveryKey
let other: RecoveryKey
beforeAll(async () => {
  ;[key, other] = [await freshKey(), await freshKey()]
})

test.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 5])(
  '%i bytes come back as they were, in any pieces',
  async (size) => {
    const plain = someBytes(size)
    const sealed = await all(sealPiece('name', key.publicKey, chunksOf(plain, 1_000)))
    expect(sealed.length).toBe(sealedSize(size))
    for (const pieces of [7, 1_000, chunk, 10 * chunk])
      expect((await all(openPiece('name', key, chunksOf(sealed, pieces)))).equals(plain)).toBe(true)
  },
)

test('the same bytes are never sealed to the same bytes', async () => {
  const plain = someBytes(100)
  const [one, two] = [await seal(plain), await seal(plain)]
  expect(one.subarray(8).equals(two.subarray(8))).toBe(false)
})

test('another key, or another name, opens nothing', async () => {
  const sealed = await seal(someBytes(100))
  await expect(all(openPiece('name', other, chunksOf(sealed)))).rejects.toThrow(PieceDamaged)
  await expect(all(openPiece('names', key, chunksOf(sealed)))).rejects.toThrow('names')
})

test('a changed bit anywhere is noticed', async () => {
  const sealed = await seal(someBytes(chunk + 100))
  for (const at of [0, 8, 20, head, head + 5, head + chunk, head + chunk + 15, head + chunk + 16, sealed.length - 1]) {
    const wrong = Buffer.from(sealed)
    wrong[at] = (wrong[at] ?? 0) ^ 1
    await expect(all(openPiece('name', key, chunksOf(wrong)))).rejects.toThrow(PieceDamaged)
  }
})

test('a piece that is cut short is noticed, between two chunks too, and one that goes on after its end', async () => {
  const sealed = await seal(someBytes(3 * chunk))
  const whole = chunk + 16
  for (const length of [0, 1, head - 1, head, head + 15, head + whole, head + 2 * whole, sealed.length - 1])
    await expect(all(openPiece('name', key, chunksOf(sealed.subarray(0, length))))).rejects.toThrow(PieceDamaged)
  const longer = Buffer.concat([sealed, sealed.subarray(head, head + whole)])
  await expect(all(openPiece('name', key, chunksOf(longer)))).rejects.toThrow(PieceDamaged)
})

test('chunks that have changed places, or come twice, are noticed', async () => {
  const sealed = await seal(someBytes(3 * chunk))
  const whole = chunk + 16
  const [one, two, three] = [0, 1, 2].map((n) => sealed.subarray(head + n * whole, head + (n + 1) * whole)) as [
    Buffer,
    Buffer,
    Buffer,
  ]
  for (const order of [
    [two, one, three],
    [one, one, three],
    [one, three, two],
  ])
    await expect(
      all(openPiece('name', key, chunksOf(Buffer.concat([sealed.subarray(0, head), ...order])))),
    ).rejects.toThrow(PieceDamaged)
})

function seal(plain: Buffer): Promise<Buffer> {
  return all(sealPiece('name', key.publicKey, chunksOf(plain)))
}

async function all(chunks: Chunks): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return Buffer.concat(parts)
}

async function freshKey(): Promise<RecoveryKey> {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-key-'))
  const made = await makeRecoveryKey({ clock: systemClock, ids: systemIds(systemClock) }, folder)
  rmSync(folder, { recursive: true })
  return parseRecoveryKey(made)
}
