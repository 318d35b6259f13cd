import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompactEncrypt } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemIds } from '#server/kit/ids.ts'
import { createLog } from '#server/kit/log.ts'
import { ChallengeTokens, requireContext } from './challenge-tokens.ts'

const minute = 60_000
const payload = Buffer.alloc(32, 7)
const context = { kind: 'RESET', backupAccountId: 'a' }
const sealed = { type: 'KEYPAIR' as const, context, payload }
let dataFolder: string
let ahead = 0
const clock = { now: () => Date.now() + ahead }
const open = () => ChallengeTokens.open({ dataFolder, clock, ids: systemIds(clock), log: createLog('silent') })

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'hearthkeep-challenges-'))
  ahead = 0
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

test('what was sealed comes back, also after a restart', async () => {
  const token = await (await open()).seal(sealed)
  const opened = await (await open()).open(token, 'KEYPAIR')
  expect(opened).toMatchObject({ payload, context })
  expect(opened.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(statSync(join(dataFolder, 'challenge-keys.json')).mode & 0o777).toBe(0o600)
})

test('the type is told before the time', async () => {
  const tokens = await open()
  const token = await tokens.seal(sealed)
  ahead = 16 * minute
  await expect(tokens.open(token, 'PASSKEY')).rejects.toMatchObject({ code: 'challenge.wrong_type' })
  await expect(tokens.open(token, 'KEYPAIR')).rejects.toMatchObject({ code: 'challenge.invalid' })
})

test('fifteen minutes, neither earlier nor later', async () => {
  const tokens = await open()
  const token = await tokens.seal(sealed)
  ahead = 15 * minute - 1000
  await expect(tokens.open(token, 'KEYPAIR')).resolves.toBeTruthy()
  ahead = -minute
  await expect(tokens.open(token, 'KEYPAIR')).rejects.toMatchObject({ code: 'challenge.invalid' })
})

test('a token that was bent anywhere is invalid, or the same token in other letters', async () => {
  const tokens = await open()
  const token = await tokens.seal(sealed)
  const { hash } = await tokens.open(token, 'KEYPAIR')
  for (let at = 0; at < token.length; at += 3) {
    const bent = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    const result = await tokens.open(bent, 'KEYPAIR').catch((error) => error)
    expect(result.code === 'challenge.invalid' || result.hash === hash).toBe(true)
  }
})

test.each(['', 'a.b.c.d.e', '....', 'x'.repeat(100_000), 'eyJhbGciOiJub25lIn0..'])('%j is invalid', async (token) => {
  await expect((await open()).open(token, 'KEYPAIR')).rejects.toMatchObject({ code: 'challenge.invalid' })
})

test('keys change daily; a token of the day before is still good, one of other keys is not', async () => {
  const tokens = await open()
  await tokens.seal(sealed)
  const before = readFileSync(join(dataFolder, 'challenge-keys.json'), 'utf8')
  ahead = 24 * 60 * minute - 10_000
  const late = await tokens.seal(sealed)
  ahead += minute
  await tokens.seal(sealed)
  expect(readFileSync(join(dataFolder, 'challenge-keys.json'), 'utf8')).not.toBe(before)
  await expect(tokens.open(late, 'KEYPAIR')).resolves.toBeTruthy()
  rmSync(join(dataFolder, 'challenge-keys.json'))
  await expect((await open()).open(late, 'KEYPAIR')).rejects.toMatchObject({ code: 'challenge.invalid' })
})

test('a damaged key file does not stop the start', async () => {
  writeFileSync(join(dataFolder, 'challenge-keys.json'), '{"keys":[{"id":1')
  const tokens = await open()
  await expect(tokens.open(await tokens.seal(sealed), 'KEYPAIR')).resolves.toBeTruthy()
})

test('a folder that cannot be written costs nobody a challenge', async () => {
  const tokens = await open()
  rmSync(dataFolder, { recursive: true })
  await expect(tokens.open(await tokens.seal(sealed), 'KEYPAIR')).resolves.toBeTruthy()
})

test('a key of the wrong length counts as damage', async () => {
  const key = Buffer.alloc(33).toString('base64')
  const keys = [{ id: 'a', key, createdAt: Date.now() }]
  writeFileSync(join(dataFolder, 'challenge-keys.json'), JSON.stringify({ keys }))
  const tokens = await open()
  await expect(tokens.open(await tokens.seal(sealed), 'KEYPAIR')).resolves.toBeTruthy()
})

test('many challenges at once make one key', async () => {
  const tokens = await open()
  await Promise.all(Array.from({ length: 20 }, () => tokens.seal(sealed)))
  expect(JSON.parse(readFileSync(join(dataFolder, 'challenge-keys.json'), 'utf8')).keys).toHaveLength(1)
})

test('a token of another making is invalid, though sealed with our key', async () => {
  const tokens = await open()
  await tokens.seal(sealed)
  const [kept] = JSON.parse(readFileSync(join(dataFolder, 'challenge-keys.json'), 'utf8')).keys
  const make = (header: Record<string, string>, key: Uint8Array) =>
    new CompactEncrypt(Buffer.from('{}')).setProtectedHeader({ kid: kept.id, ...header } as never).encrypt(key)
  const key = Buffer.from(kept.key, 'base64')
  for (const token of [
    await make({ alg: 'dir', enc: 'A256GCM' }, key),
    await make({ alg: 'A256GCMKW', enc: 'A256GCM' }, key),
    await make({ alg: 'dir', enc: 'A128CBC-HS256' }, key),
  ])
    await expect(tokens.open(token, 'KEYPAIR')).rejects.toMatchObject({ code: 'challenge.invalid' })
})

test('the context has to be the same in every member', async () => {
  const tokens = await open()
  const opened = await tokens.open(await tokens.seal(sealed), 'KEYPAIR')
  expect(() => requireContext(opened, context)).not.toThrow()
  for (const other of [{ kind: 'RESET' }, { ...context, kind: 'SYNC' }, { ...context, more: '' }])
    expect(() => requireContext(opened, other)).toThrow()
})
