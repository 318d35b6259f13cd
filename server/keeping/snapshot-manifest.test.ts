import { expect, test } from 'vitest'
import { someBytes } from '#server/testing.ts'
import {
  decodeManifest,
  encodeManifest,
  type Manifest,
  ManifestDamaged,
  piecesOf,
  snapshotName,
} from './snapshot-manifest.ts'

const key = someBytes(32)
const piece = (id: string) => ({ id, size: 5, sha256: 'a'.repeat(64) })
const manifest: Manifest = {
  name: '20261121-020000000-1a2b3c4d',
  keyId: '0123456789abcdef',
  createdAt: 1,
  database: piece('00000000-0001'),
  household: piece('00000000-0002'),
  objects: [piece('00000000-0003')],
}
const encoded = encodeManifest(manifest, key)

test('says the same after it was written and read', () => {
  expect(decodeManifest(manifest.name, encoded, key)).toEqual(manifest)
  expect(piecesOf(manifest)).toHaveLength(3)
})

test('cannot be made up by somebody who can only write to the target', () => {
  expect(() => decodeManifest(manifest.name, encodeManifest(manifest, someBytes(32)), key)).toThrow(ManifestDamaged)
  for (const [from, to] of [
    ['00000000-0003', '00000000-0004'],
    ['"createdAt":1', '"createdAt":2'],
  ] as const)
    expect(() => decodeManifest(manifest.name, Buffer.from(encoded.toString().replace(from, to)), key)).toThrow('sum')
})

test('is not taken for another under another name, nor read when it is empty or of a newer version', () => {
  expect(() => decodeManifest('20271121-020000000-1a2b3c4d', encoded, key)).toThrow('it is that of')
  expect(() => decodeManifest(manifest.name, Buffer.alloc(0), key)).toThrow(ManifestDamaged)
})

test('names sort by time', () => {
  const names = [2, 0, 1].map((day) => snapshotName(Date.UTC(2026, 10, 21 + day), undefined, someBytes(4)))
  expect(names.sort().map((name) => name.slice(0, 8))).toEqual(['20261121', '20261122', '20261123'])
})

test('names go on sorting by time of making when the clock is put back, and within one moment', () => {
  const now = Date.UTC(2026, 10, 21)
  const first = snapshotName(now, undefined, someBytes(4))
  const second = snapshotName(now, first, someBytes(4))
  const third = snapshotName(now - 400 * 24 * 3_600_000, second, someBytes(4))
  expect([third, first, second].sort()).toEqual([first, second, third])
  expect(third.slice(0, 18)).toBe('20261121-000000002')
})
