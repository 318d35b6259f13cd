import { createHash } from 'node:crypto'
import { array, assert, asyncProperty, boolean, constantFrom, integer, record, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import type { Context } from '#server/context.ts'
import { pruneLogs } from '#server/keeping/prune-logs.ts'
import { testHome } from '#server/testing.ts'
import { openCursor, oplogKey, sealCursor } from './cursor.ts'
import { deleteLog } from './delete-log.ts'
import { linkKey } from './link-key.ts'
import type { Sync } from './read-request.ts'
import { readUser } from './store.ts'
import { syncLog } from './sync-log.ts'

const caller = { address: '127.0.0.1', token: null, signal: new AbortController().signal, inclusive: false }
const ids = [1, 2, 3].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`)
const quiet = { HEARTHKEEP_RATE_LIMIT: 'off' }

function request(userHash: string, more: Partial<Sync>): Sync {
  return {
    userHash,
    clientId: ids[0] ?? '',
    index: -1,
    status: new Map(),
    payload: null,
    cursor: null,
    wait: 0,
    ...more,
  }
}

function payload(text: string): NonNullable<Sync['payload']> {
  const json = JSON.stringify(text)
  const hash = (name: string) => createHash(name).update(json).digest()
  return { json, size: text.length, md5: hash('md5'), sha256: hash('sha256') }
}

async function ask(ctx: Context, sync: Sync, inclusive = false) {
  const news = await syncLog(ctx, sync, { ...caller, inclusive })
  const parts: Uint8Array[] = []
  for await (const part of news.lines ?? []) parts.push(part)
  const lines = Buffer.concat(parts).toString().split('\n').slice(0, -1)
  return { ...news, slots: lines.map((line) => slotIn(JSON.parse(line))) }
}

function slotIn({ client_id, operation_index }: { client_id: string; operation_index: number }): string {
  return `${client_id} ${operation_index}`
}

const someClient = constantFrom(...ids)

test('whatever arrives in whatever order, an answer is what a plain filter of the log would give', async () => {
  const log = uniqueArray(record({ client: someClient, index: integer({ min: 0, max: 30 }), large: boolean() }), {
    selector: ({ client, index }) => `${client} ${index}`,
    maxLength: 40,
  })
  const fetch = record({
    client: someClient,
    index: integer({ min: -1, max: 32 }),
    status: array(record({ client: someClient, index: integer({ min: -1, max: 32 }) }), { maxLength: 3 }),
    inclusive: boolean(),
    cursorAt: integer({ min: -1, max: 40 }),
  })
  await using home = await testHome(quiet)
  let run = 0
  const holds = asyncProperty(log, array(fetch, { maxLength: 4 }), async (arrivals, fetches) => {
    const userHash = `user ${run++}`
    const cursors: string[] = []
    for (const { client, index, large } of arrivals) {
      const text = `${index}`.padEnd(large ? 17_000 : 5)
      const own = request(userHash, { clientId: client, index, payload: payload(text), status: everything() })
      cursors.push((await ask(home.ctx, own)).cursor)
    }
    for (const { client, index, status, inclusive, cursorAt } of fetches) {
      const known = new Map(status.map((one) => [one.client, one.index]))
      const cursor = cursors[cursorAt] ?? null
      const answer = await ask(
        home.ctx,
        request(userHash, { clientId: client, index, status: known, cursor }),
        inclusive,
      )

      const own = Math.max(known.get(client) ?? -1, index)
      const thresholds = cursor === null ? new Map(known).set(client, own) : new Map([[client, own]])
      const expected = arrivals
        .slice(cursor === null ? 0 : cursorAt + 1)
        .filter((one) => one.index > (thresholds.get(one.client) ?? -1) - (inclusive ? 1 : 0))
      expect(answer.slots).toEqual(expected.map((one) => `${one.client} ${one.index}`))
      expect(answer.cursor).toBe(cursors.at(-1) ?? '0')
      expect(new Map(answer.gaps)).toEqual(gapsIn(arrivals))
      expect(answer.behind).toBe([...known].some(([one, last]) => last > highest(arrivals, one)))
    }
  })
  await assert(holds, { numRuns: 60 })
})

type Arrival = { client: string; index: number }

const everything = () => new Map(ids.map((id) => [id, 1_000]))

function highest(arrivals: Arrival[], client: string): number {
  return Math.max(-1, ...arrivals.filter((one) => one.client === client).map((one) => one.index))
}

/** Client → first missing index, where something is stored beyond it. */
function gapsIn(arrivals: Arrival[]): Map<string, number> {
  const gaps = new Map<string, number>()
  for (const client of new Set(arrivals.map((one) => one.client))) {
    const stored = new Set(arrivals.filter((one) => one.client === client).map((one) => one.index))
    let missing = 0
    while (stored.has(missing)) missing += 1
    if (missing < highest(arrivals, client)) gaps.set(client, missing)
  }
  return gaps
}

test('a cursor is good for its own log alone, and only while its operation is there', async () => {
  await using home = await testHome(quiet)
  const { ctx } = home
  const key = oplogKey(ctx.secrets, 'cursor')
  for (const user of ['mine', 'yours']) await ask(ctx, request(user, { index: 0, payload: payload(user) }))
  const mine = readUser(ctx.db.read, 'mine')?.id ?? 0
  const yours = readUser(ctx.db.read, 'yours')?.id ?? 0
  const cursor = sealCursor(ctx.db.read, key, 1)
  expect(openCursor(ctx.db.read, key, mine, cursor)).toBe(1)
  expect(openCursor(ctx.db.read, key, yours, cursor)).toBeNull()
  expect(openCursor(ctx.db.read, key, mine, `${cursor.slice(0, -2)}AA`)).toBeNull()
  expect([openCursor(ctx.db.read, key, mine, '0'), sealCursor(ctx.db.read, key, 0)]).toEqual([0, '0'])
  expect(sealCursor(ctx.db.read, key, 99)).toBe('0')
})

test('a deleted log is pruned with its objects, in pieces, and no other is touched', async () => {
  await using home = await testHome(quiet)
  const { ctx } = home
  const actor = home.session(home.account())
  const known = { status: everything() }
  for (let index = 0; index < 1_050; index += 1)
    await ask(
      ctx,
      request('doomed', { ...known, index, payload: payload(`${index}`.padEnd(index % 500 ? 3 : 20_000)) }),
    )
  await ask(ctx, request('spared', { index: 0, payload: payload('x'.repeat(20_000)) }))
  const proven = { userHash: 'doomed', hash: 'of a proof', expiresAt: 0 }
  const { id } = await linkKey(ctx, actor, { proven, name: null, address: '127.0.0.1' })
  expect(home.objectsOnDisk()).toHaveLength(4)

  await deleteLog(ctx, actor, id, { keep: false })
  expect(await pruneLogs(ctx)).toBe(1_050)
  expect(await home.reap()).toBe(3)
  expect(home.objectsOnDisk()).toHaveLength(1)
  expect(await pruneLogs(ctx)).toBe(0)
  expect((await ask(ctx, request('spared', {}))).slots).toHaveLength(1)
  expect((await ask(ctx, request('doomed', {}))).slots).toHaveLength(0)
})

test('two uploads of one long operation at once leave one object', async () => {
  await using home = await testHome(quiet)
  const long = request('user', { index: 0, payload: payload('x'.repeat(50_000)) })
  const other = { ...long, payload: payload('y'.repeat(50_000)) }
  const outcomes = await Promise.allSettled([long, long, other, long].map((sync) => ask(home.ctx, sync)))
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(1)
  expect(home.objectsOnDisk()).toHaveLength(1)
})
