import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { personaTombstones } from '#db/schema/index.ts'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Conditions } from '#server/http/conditions.ts'
import { reapHistory } from '#server/keeping/reap.ts'
import { Problem } from '#server/kit/problem.ts'
import { createAccount } from '#server/people/create-account.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { listDeletedPersonas, listPersonaHistory, restorePersona } from './persona-history.ts'
import { putPersona } from './put-persona.ts'
import { findPersona, openPersona } from './read-persona.ts'
import { removePersona } from './remove-persona.ts'
import { listPersonaIds } from './store.ts'

let house: TestHome
let accountId: string
let ada: { accountId: string; sessionId: string }
beforeEach(async () => {
  house = await testHome()
  accountId = await createAccount(house.ctx, { email: 'ada@x.org', password: 'x' }, null)
  ada = house.session(accountId)
})
afterEach(() => house[Symbol.asyncDispose]())

const any: Conditions = { ifMatch: null, ifNoneMatch: null }
const ifVersion = (version: number): Conditions => ({
  ifMatch: [{ weak: false, opaque: `"${version}"` }],
  ifNoneMatch: null,
})
const ifNew: Conditions = { ifMatch: null, ifNoneMatch: '*' }
const one = (personaId = 'p') => ({ ...ada, personaId })

async function* chunked(...parts: string[]): Chunks {
  for (const part of parts) yield Buffer.from(part)
}

function put(text: string, conditions = any, personaId = 'p', contentType = 'application/zip'): Promise<number> {
  return putPersona(house.ctx, one(personaId), { contentType, length: null, chunks: chunked(text) }, conditions)
}

async function read(personaId = 'p'): Promise<string> {
  const parts: Uint8Array[] = []
  const stored = await openPersona(house.ctx, findPersona(house.ctx, one(personaId)))
  for await (const chunk of stored.chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

async function objects(): Promise<number> {
  let count = 0
  for await (const _ of house.ctx.blobs.list()) count++
  return count
}

const history = (personaId = 'p') => listPersonaHistory(house.ctx, one(personaId)).map(({ version }) => version)
const gone = { code: 'persona.not_found' }
const moved = { code: 'precondition.failed' }

test('versions count up and each replaced one becomes history', async () => {
  expect(await put('one', any, 'p', 'application/json')).toBe(1)
  expect(await put('two')).toBe(2)
  expect(await put('three')).toBe(3)
  expect(await read()).toBe('three')
  expect(listPersonaHistory(house.ctx, one())).toMatchObject([
    { version: 2, size: 3, contentType: 'application/zip' },
    { version: 1, size: 3, contentType: 'application/json' },
  ])
})

test('after a DELETE the version goes on, so that an ETag from before never matches', async () => {
  await put('one')
  await put('two')
  await removePersona(house.ctx, one(), any)
  expect(await put('three')).toBe(3)
  await removePersona(house.ctx, one(), any)
  await expect(put('four', ifVersion(3))).rejects.toMatchObject(moved)
  expect(await put('four', ifNew)).toBe(4)
})

test('an earlier version comes back as a new one, with its media type; what it replaces becomes history', async () => {
  await put('one', any, 'p', 'application/json')
  await put('two')
  expect(await restorePersona(house.ctx, one(), 1)).toBe(3)
  expect(await read()).toBe('one')
  expect(findPersona(house.ctx, one())).toMatchObject({ version: 3, contentType: 'application/json' })
  expect(history()).toEqual([2])
})

test('a deleted persona is listed as deleted and comes back whole', async () => {
  await put('one')
  await put('two', any, 'q')
  await put('over two', any, 'q')
  await removePersona(house.ctx, one(), any)
  await expect(read()).rejects.toMatchObject(gone)
  expect(listDeletedPersonas(house.ctx, accountId)).toEqual(['p'])
  expect(await restorePersona(house.ctx, one(), 1)).toBe(2)
  expect(await read()).toBe('one')
  expect(listDeletedPersonas(house.ctx, accountId)).toEqual([])
})

test('nobody restores what is not theirs, or not there', async () => {
  await put('one')
  await put('two')
  await expect(restorePersona(house.ctx, one(), 7)).rejects.toMatchObject({ code: 'not_found' })
  const eve = await createAccount(house.ctx, { email: 'eve@x.org', password: 'x' }, null)
  const hers = { ...house.session(eve), personaId: 'p' }
  await expect(restorePersona(house.ctx, hers, 1)).rejects.toMatchObject({ code: 'not_found' })
  expect(listPersonaHistory(house.ctx, hers)).toEqual([])
})

test('conditions hold at the moment of writing, not only at the start', async () => {
  await put('one')
  const two = await Promise.allSettled([put('first', ifVersion(1)), put('second', ifVersion(1))])
  expect(two.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const both = await Promise.allSettled([put('first', ifNew, 'new'), put('second', ifNew, 'new')])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(removePersona(house.ctx, one(), ifVersion(1))).rejects.toMatchObject(moved)
  await removePersona(house.ctx, one(), ifVersion(2))
  await expect(removePersona(house.ctx, one(), ifVersion(2))).rejects.toMatchObject(moved)
  await removePersona(house.ctx, one(), any)
})

test('a body that breaks off leaves the old version and no object behind', async () => {
  await put('good')
  async function* broken(): Chunks {
    yield Buffer.from('half of')
    throw new Problem('body.incomplete')
  }
  const upload = { contentType: 'a/b', length: null, chunks: broken() }
  await expect(putPersona(house.ctx, one(), upload, any)).rejects.toMatchObject({ code: 'body.incomplete' })
  expect(await read()).toBe('good')
  expect(await objects()).toBe(1)
})

test('too much is refused as it arrives, announced or not', async () => {
  await house.ctx.settings.set({ personaMaxBytes: 1000 })
  await expect(put('x'.repeat(1001))).rejects.toMatchObject({ code: 'body.too_large' })
  const announced = { contentType: 'a/b', length: 1001, chunks: chunked('x') }
  await expect(putPersona(house.ctx, one(), announced, any)).rejects.toMatchObject({ code: 'body.too_large' })
  expect(await put('x'.repeat(1000))).toBe(1)
  expect(await objects()).toBe(1)
})

test('a person’s quota counts what is there; overwriting needs no room for both', async () => {
  await house.ctx.settings.set({ quotaBytes: 1000 })
  await put('x'.repeat(900))
  await put('y'.repeat(950))
  await expect(put('z'.repeat(100), any, 'q')).rejects.toMatchObject({ code: 'quota.exceeded' })
  await removePersona(house.ctx, one(), any)
  await put('z'.repeat(1000), any, 'q')
  await expect(restorePersona(house.ctx, one(), 2)).rejects.toMatchObject({ code: 'quota.exceeded' })
})

test('the version goes on after a DELETE when the history is long over, so that no device takes the new for the old', async () => {
  for (let n = 1; n <= 3; n++) await put(`version ${n}`)
  await removePersona(house.ctx, one(), any)
  house.clock.move(31 * 24 * 3_600_000)
  await reapHistory(house.ctx)
  expect(history()).toEqual([])
  expect(await put('another', ifNew)).toBe(4)
  await expect(put('by who knows the third', ifVersion(3))).rejects.toMatchObject(moved)
  expect(await put('next', ifVersion(4))).toBe(5)
  expect(await put('of that name nothing is known', any, 'q')).toBe(1)
})

test('of a deleted persona’s name there is a hash, and no more of them than somebody may have personas', async () => {
  await put('x', any, 'diary of ada')
  await removePersona(house.ctx, one('diary of ada'), any)
  const { read } = house.ctx.db
  const [buried] = read.select().from(personaTombstones).all()
  expect(buried).toMatchObject({ accountId, version: 1, nameHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  read.run(sql`insert into persona_tombstones with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)
    select ${accountId}, 'hash ' || i, 1, ${house.clock.now() + 1} from n`)
  await put('y', any, 'another')
  house.clock.move(2)
  await removePersona(house.ctx, one('another'), any)
  expect(read.select().from(personaTombstones).all()).toHaveLength(10_000)
  expect(await put('x', ifNew, 'another')).toBe(2)
})

test('ids are listed by code point and may be anything', async () => {
  const ids = ['ж', 'a', 'Z', 'b.zip', ' ', '..', '🦊', '\uffee', 'a b', '%2F', '\0']
  for (const id of ids) await put('x', any, id)
  const byCodePoint = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect(listPersonaIds(house.ctx.db.read, accountId)).toEqual(byCodePoint)
  expect(byCodePoint.indexOf('\uffee')).toBeLessThan(byCodePoint.indexOf('🦊'))
  for (const id of ids) expect(await read(id)).toBe('x')
})

test('two people may use the same id, also one that looks like the other’s', async () => {
  const eve = await createAccount(house.ctx, { email: 'eve@x.org', password: 'x' }, null)
  await put('ada’s')
  const upload = { contentType: 'a/b', length: null, chunks: chunked('eve’s') }
  expect(await putPersona(house.ctx, { ...house.session(eve), personaId: 'p' }, upload, any)).toBe(1)
  expect(await read()).toBe('ada’s')
  expect(listPersonaIds(house.ctx.db.read, eve)).toEqual(['p'])
})

test('ten versions of history are kept; the number goes on after the oldest are gone', async () => {
  for (let n = 1; n <= 14; n++) await put(`version ${n}`)
  await reapHistory(house.ctx)
  expect(history()).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4])
  expect(await put('next')).toBe(15)
})
