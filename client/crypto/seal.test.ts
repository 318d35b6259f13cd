import { argon2Sync, createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isMalformedSealedBackup,
  isWeakPassword,
  isWrongPasswordOrDamaged,
  type MalformedSealedBackup,
} from './errors.ts'
import { headerLength, tagLength } from './header.ts'
import type { DeriveKey, KdfParameters } from './kdf.ts'
import { open, seal } from './seal.ts'

const password = 'correct horse battery'
const cheap: KdfParameters = { memoryKiB: 8, iterations: 1, parallelism: 1 }
const text = (value: string) => new TextEncoder().encode(value)

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it opened'),
    (error) => error,
  )
}

/** Bytes 0, 1, 2, … so that the vector below can be computed by hand. */
const counting = (length: number) => Uint8Array.from({ length }, (_, index) => index)

test('is the same bytes that Node’s own Argon2id and AES-256-GCM make of the documented layout', async () => {
  const kdf = { memoryKiB: 1024, iterations: 2, parallelism: 1 }
  const sealed = await seal(text('hello'), password, { kdf, random: counting })

  const salt = Buffer.from(counting(16))
  const nonce = Buffer.from(counting(12))
  const header = Buffer.concat([Buffer.from('484b5342010101010000040000000002', 'hex'), salt, nonce])
  const key = argon2Sync('argon2id', {
    message: password,
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 1024,
    passes: 2,
  })
  const plaintext = Buffer.alloc(1024 - 44 - 16)
  plaintext.writeUInt32BE(5)
  plaintext.write('hello', 4)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header)
  const expected = Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  expect(Buffer.from(sealed).equals(expected)).toBe(true)
})

test('still opens a backup sealed by the first release', async () => {
  const fixed = 'SEtTQgEBAAEAAAAIAAAAAQABAgMEBQYHCAkKCwwNDg8AAQIDBAUGBwgJCgu/WIXi2rlkZdqu5d/O7BFwIGl3UkA='
  expect(new TextDecoder().decode(await open(Buffer.from(fixed, 'base64'), password))).toBe('hello')
})

test('gives back what was sealed, for any bytes, with and without padding', async () => {
  const bytes = fc.uint8Array({ maxLength: 5_000 })
  const property = fc.asyncProperty(bytes, fc.constantFrom('none', 'buckets'), async (plaintext, padding) => {
    const sealed = await seal(plaintext, password, { kdf: cheap, padding })
    expect(await open(sealed, password)).toEqual(new Uint8Array(plaintext))
  })
  await fc.assert(property, { numRuns: 60 })
})

test('never makes the same bytes twice', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => seal(text('x'), password, { kdf: cheap, padding: 'none' })))
  expect(one).not.toEqual(other)
})

test('refuses a sealed backup with any bit flipped anywhere', async () => {
  const sealed = await seal(text('a'), password, { kdf: cheap, padding: 'none' })
  // Flipped cost bits may stay within the limits; that they are authenticated does not depend on the real derivation.
  const derive: DeriveKey = async (_, salt) => new Uint8Array(32).fill(salt[0] ?? 0)
  const derived = await seal(text('a'), password, { kdf: cheap, padding: 'none', derive })
  for (let bit = 0; bit < derived.length * 8; bit += 1) {
    const flipped = derived.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const error = await failure(open(flipped, password, { derive }))
    expect(isWrongPasswordOrDamaged(error) || isMalformedSealedBackup(error)).toBe(true)
  }
  const place = fc.nat({ max: (sealed.length - 16) * 8 - 1 }).map((bit) => bit + 16 * 8)
  const property = fc.asyncProperty(place, async (bit) => {
    const flipped = sealed.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(isWrongPasswordOrDamaged(await failure(open(flipped, password)))).toBe(true)
  })
  await fc.assert(property, { numRuns: 60 })
})

test('refuses a sealed backup cut short or lengthened', async () => {
  const sealed = await seal(text('a'), password, { kdf: cheap })
  for (const length of [0, 3, headerLength, headerLength + tagLength - 1]) {
    expect(isMalformedSealedBackup(await failure(open(sealed.subarray(0, length), password)))).toBe(true)
  }
  expect(isWrongPasswordOrDamaged(await failure(open(sealed.subarray(0, 100), password)))).toBe(true)
  expect(isWrongPasswordOrDamaged(await failure(open(Uint8Array.from([...sealed, 0]), password)))).toBe(true)
})

test('tells a wrong password from what is no sealed backup at all', async () => {
  const sealed = await seal(text('a'), password, { kdf: cheap })
  expect(isWrongPasswordOrDamaged(await failure(open(sealed, `${password}!`)))).toBe(true)
  expect(isWrongPasswordOrDamaged(await failure(open(sealed, '')))).toBe(true)
  expect(isMalformedSealedBackup(await failure(open(text('{"json":true}'.repeat(20)), password)))).toBe(true)
})

test.each([
  ['four gigabytes', { memoryKiB: 4 * 1024 * 1024, iterations: 3, parallelism: 1 }],
  ['hours of work', { memoryKiB: 65_536, iterations: 1_000_000, parallelism: 1 }],
  ['255 lanes', { memoryKiB: 65_536, iterations: 3, parallelism: 255 }],
  ['no work', { memoryKiB: 0, iterations: 0, parallelism: 0 }],
])('refuses a forged header that asks for %s before deriving anything', async (_, kdf) => {
  const sealed = await seal(text('a'), password, { kdf: cheap })
  const view = new DataView(sealed.buffer)
  view.setUint8(7, kdf.parallelism)
  view.setUint32(8, kdf.memoryKiB)
  view.setUint32(12, kdf.iterations)
  const derive: DeriveKey = () => expect.unreachable('derived')
  const error = await failure(open(sealed, password, { derive }))
  expect(isMalformedSealedBackup(error)).toBe(true)
  expect((error as MalformedSealedBackup).message).toContain('Refused key derivation parameters')
})

test.each([4, 5, 6])('names a newer format by the unknown value in byte %i', async (offset) => {
  const sealed = await seal(text('a'), password, { kdf: cheap })
  sealed[offset] = 9
  expect(((await failure(open(sealed, password))) as Error).message).toMatch(/update this program/)
})

test('hides the number of contacts: sealed sizes are buckets, up to exactly 2 MiB', async () => {
  const sizeOf = async (length: number) => (await seal(new Uint8Array(length), password, { kdf: cheap })).length
  expect(await sizeOf(0)).toBe(1024)
  expect(await sizeOf(1024 - 64)).toBe(1024)
  expect(await sizeOf(1024 - 63)).toBe(2048)
  expect(await sizeOf(40_000)).toBe(65_536)
  expect(await sizeOf(65_536)).toBe(131_072)
  expect(await sizeOf(2_097_152 - 64)).toBe(2_097_152)
})

test('takes passwords longer than twelve characters, counted as people count them', async () => {
  const isTaken = (candidate: string) =>
    seal(text('a'), candidate, { kdf: cheap }).then(
      () => true,
      (error) => (isWeakPassword(error) ? false : expect.unreachable(String(error))),
    )
  expect(await isTaken('a'.repeat(12))).toBe(false)
  expect(await isTaken('a'.repeat(13))).toBe(true)
  expect(await isTaken('🦔'.repeat(12))).toBe(false)
  expect(await isTaken('🦔'.repeat(13))).toBe(true)
  // Twelve letters and a combining accent are twelve letters.
  expect(await isTaken(`${'a'.repeat(11)}e\u0301`)).toBe(false)
  expect(await isTaken(`${'a'.repeat(13)}\ud800`)).toBe(false)
})

test('opens with the same password typed on another keyboard', async () => {
  const sealed = await seal(text('a'), 'Schlüssel-zum-Haus', { kdf: cheap })
  expect(await open(sealed, 'Schlu\u0308ssel-zum-Haus')).toEqual(text('a'))
})

test('does not repeat the password in any error', async () => {
  const errors = [
    await failure(seal(text('a'), 'hunter2', { kdf: cheap })),
    await failure(open(await seal(text('a'), password, { kdf: cheap }), 'hunter2')),
  ]
  for (const error of errors) expect(String(error)).not.toContain('hunter2')
})
