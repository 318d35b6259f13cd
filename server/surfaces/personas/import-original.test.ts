import { pbkdf2Sync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccount } from '#server/people/create-account.ts'
import { signIn } from '#server/people/sign-in.ts'
import { readAccountByEmail } from '#server/people/store.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { originalFolder } from './import-folder.ts'
import { importOriginal } from './import-original.ts'
import { parseS3Url } from './import-s3.ts'
import { readOriginalKey } from './import-source.ts'
import { readImportedPassword } from './import-user.ts'
import { findPersona, openPersona } from './read-persona.ts'
import { removePersona } from './remove-persona.ts'
import { listPersonaIds } from './store.ts'

let house: TestHome
let folder: string
beforeEach(async () => {
  house = await testHome()
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-original-'))
})
afterEach(async () => {
  await house[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function hashOf(password: string) {
  const salt = Buffer.alloc(66, 9).toString('base64')
  const hash = pbkdf2Sync(password, salt, 2_000, 66, 'sha1').toString('base64')
  return { hash, salt, keyLength: 66, hashMethod: 'pbkdf2', iterations: 2_000 }
}

const user = (password: string) => JSON.stringify({ password_hash: hashOf(password) }, null, 4)

function write(path: string, content: string): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

/** As the original's local S3 simulator writes it. */
function simulate(key: string, content: string, ContentType = 'application/json'): void {
  const path = `bucket/${key.replace(/\p{Lu}/gu, '^$&')}`
  write(path, content)
  write(`${path}.meta`, JSON.stringify({ Bucket: 'bucket', Key: key, ContentType }, null, 4))
}

const run = () => importOriginal(house.ctx, originalFolder(folder))
const ids = (email: string) => listPersonaIds(house.ctx.db.read, readAccountByEmail(house.ctx.db.read, email)?.id ?? '')

async function stored(email: string, personaId: string): Promise<[string, string]> {
  const accountId = readAccountByEmail(house.ctx.db.read, email)?.id ?? ''
  const persona = findPersona(house.ctx, { accountId, personaId })
  const parts: Uint8Array[] = []
  for await (const chunk of (await openPersona(house.ctx, persona)).chunks) parts.push(chunk)
  return [Buffer.concat(parts).toString(), persona.contentType]
}

test('a plain copy of the bucket comes over: accounts sign in, personas are there', async () => {
  write('ada@x.org/user.json', user('secret'))
  write('ada@x.org/personas/work.zip', 'PK work')
  write('ada@x.org/personas/Über mich', 'PK me')
  write('ada@x.org/personas/notes.json', '{}')
  write('bob@y.org/user.json', user('other'))
  write('readme.txt', 'not ours')
  expect(await run()).toEqual({
    accounts: { imported: 2, present: 0, withoutPassword: 0 },
    personas: { imported: 3, present: 0 },
    problems: [],
  })
  expect((await signIn(house.ctx, 'ada@x.org', 'secret', '10.0.0.1')).passwordHash).toMatch(/^\$argon2id\$/)
  expect(ids('ada@x.org')).toEqual(['notes.json', 'work.zip', 'Über mich'])
  expect(await stored('ada@x.org', 'work.zip')).toEqual(['PK work', 'application/zip'])
  expect(await stored('ada@x.org', 'notes.json')).toEqual(['{}', 'application/json'])
})

test('the simulator’s escaped names and media types are read, from the bucket’s folder or the one above', async () => {
  simulate('ada@x.org/user.json', user('secret'))
  simulate('ada@x.org/personas/Work ^ID', 'PK', 'application/x-Persona')
  simulate('ada@x.org/personas/a', 'bytes of a', 'text/plain')
  simulate('ada@x.org/personas/b.meta', 'bytes of b.meta', 'text/plain')
  expect(await run()).toMatchObject({ accounts: { imported: 1 }, personas: { imported: 3 }, problems: [] })
  expect(ids('ada@x.org')).toEqual(['Work ^ID', 'a', 'b.meta'])
  expect(await stored('ada@x.org', 'Work ^ID')).toEqual(['PK', 'application/x-Persona'])
  expect(await stored('ada@x.org', 'b.meta')).toEqual(['bytes of b.meta', 'text/plain'])
})

test('a second run changes nothing, finishes what the first left, and does not bring deleted things back', async () => {
  write('ada@x.org/user.json', user('secret'))
  write('ada@x.org/personas/one', '1')
  write('ada@x.org/personas/two', '2')
  await run()
  const account = await signIn(house.ctx, 'ada@x.org', 'secret', '10.0.0.1')
  const any = { ifMatch: null, ifNoneMatch: null }
  await removePersona(house.ctx, { ...house.session(account.id), personaId: 'one' }, any)
  write('ada@x.org/personas/three', '3')
  expect(await run()).toMatchObject({
    accounts: { imported: 0, present: 1 },
    personas: { imported: 1, present: 2 },
    problems: [],
  })
  expect(ids('ada@x.org')).toEqual(['three', 'two'])
  expect(readAccountByEmail(house.ctx.db.read, 'ada@x.org')?.passwordHash).toBe(account.passwordHash)
})

test('somebody who registered the address beforehand is not handed its personas', async () => {
  await createAccount(house.ctx, { email: 'ada@x.org', password: 'squatter' }, null)
  write('ada@x.org/user.json', user('secret'))
  write('ada@x.org/personas/keys', 'private')
  expect(await run()).toEqual({
    accounts: { imported: 0, present: 1, withoutPassword: 0 },
    personas: { imported: 0, present: 0 },
    problems: [{ key: 'ada@x.org/personas/keys', reason: 'its account was not made by an import' }],
  })
  expect((await signIn(house.ctx, 'ada@x.org', 'squatter', '10.0.0.1')).email).toBe('ada@x.org')
})

test('of two spellings of one address the one that could sign in wins', async () => {
  write('Ada@X.org/user.json', user('never worked'))
  write('ada@x.org/user.json', user('worked'))
  write('ada@x.org/personas/p', 'x')
  write('Solo@x.org/user.json', user('solo'))
  expect(await run()).toMatchObject({ accounts: { imported: 2 }, personas: { imported: 1 } })
  expect((await signIn(house.ctx, 'ada@x.org', 'worked', '10.0.0.1')).email).toBe('ada@x.org')
  expect((await signIn(house.ctx, 'solo@x.org', 'solo', '10.0.0.1')).email).toBe('solo@x.org')
})

test('what cannot be taken over is named, and the rest goes on', async () => {
  await house.ctx.settings.set({ personaMaxBytes: 100 })
  write('bad@x.org/user.json', 'not json')
  write('a:b@x.org/user.json', user('x'))
  write('ada@x.org/user.json', user('secret'))
  write('ada@x.org/personas/large', 'x'.repeat(101))
  write('ada@x.org/personas/fine', 'x')
  write('gone@x.org/personas/p', 'x')
  const { problems, ...summary } = await run()
  expect(summary).toMatchObject({ accounts: { imported: 1 }, personas: { imported: 1 } })
  expect(Object.fromEntries(problems.map(({ key, reason }) => [key, reason]))).toEqual({
    'bad@x.org/user.json': 'it could not be read',
    'a:b@x.org/user.json': 'not an e-mail address that can sign in here',
    'ada@x.org/personas/large': 'Payload too large',
    'gone@x.org/personas/p': 'its account is not here',
  })
})

test('a hash of another kind makes an account that needs a reset link', async () => {
  write('ada@x.org/user.json', JSON.stringify({ email: 'ada@x.org', password: { type: 'rot13', hash: 'frperg' } }))
  expect(await run()).toMatchObject({ accounts: { imported: 1, withoutPassword: 1 } })
  await expect(signIn(house.ctx, 'ada@x.org', 'secret', '10.0.0.1')).rejects.toMatchObject({ code: 'auth.failed' })
})

test('hashes are read as the code writes them and as the README describes them', () => {
  const expected = expect.stringMatching(/^pbkdf2-sha1\$2000\$/)
  const hash = hashOf('x')
  expect(readImportedPassword(JSON.stringify({ password_hash: hash, reset_code: 'abc' }))).toEqual(expected)
  expect(readImportedPassword(JSON.stringify({ password_hash: JSON.stringify(hash) }))).toEqual(expected)
  expect(readImportedPassword(JSON.stringify({ email: 'a', password: { type: 'pbkdf2', hash } }))).toEqual(expected)
  const text = { email: 'a', password: { type: 'pbkdf2', hash: JSON.stringify(hash) } }
  expect(readImportedPassword(JSON.stringify(text))).toEqual(expected)
})

test('keys say whose they are, with the original’s half escape undone', () => {
  expect(readOriginalKey('a/b@x%2Forg/user.json')).toEqual({ kind: 'user', email: 'a/b@x/org' })
  expect(readOriginalKey('100%@x.org/user.json')).toEqual({ kind: 'user', email: '100%@x.org' })
  expect(readOriginalKey('nodomain/personas/my id')).toEqual({
    kind: 'persona',
    email: 'nodomain',
    personaId: 'my id',
  })
  expect(readOriginalKey('user.json')).toEqual({ kind: 'other' })
  expect(readOriginalKey('a@x.org/personas/')).toEqual({ kind: 'other' })
})

test('an S3 address is a bucket and a prefix', () => {
  expect(parseS3Url('s3://keybackups.cryptomessaging.org')).toEqual({
    bucket: 'keybackups.cryptomessaging.org',
    prefix: '',
  })
  expect(parseS3Url('s3://bucket/a/b/')).toEqual({ bucket: 'bucket', prefix: 'a/b/' })
  expect(parseS3Url('s3://')).toBeNull()
  expect(parseS3Url('https://bucket')).toBeNull()
})
