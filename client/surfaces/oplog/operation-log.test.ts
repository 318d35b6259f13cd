import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openFolderStore } from '#client/node/oplog/folder-store.ts'
import { isNetworkError, isServerError } from '#client/transport/errors.ts'
import { isDamagedState } from './errors.ts'
import { createPrivateKey, importKeys, type OplogKeys } from './keys.ts'
import type { Operation, Refused } from './news.ts'
import { OperationLog } from './operation-log.ts'
import { sealOperation } from './operation-payload.ts'
import { type OplogStub, startOplogStub } from './testing.ts'
import { watchLog } from './watch-log.ts'

let keys: OplogKeys
let strangers: OplogKeys
let server: OplogStub
let home: string
beforeAll(async () => {
  keys = await importKeys(await createPrivateKey(2048))
  strangers = await importKeys(await createPrivateKey(2048))
})
beforeEach(async () => {
  server = await startOplogStub()
  home = await mkdtemp(join(tmpdir(), 'hearthkeep-oplog-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

const textOf = ({ content }: Operation) => new TextDecoder().decode(content)

/** A device, or one more process on it when the name was used before. */
async function device(name: string, withKeys = keys) {
  const heard: string[] = []
  const refused: Refused[] = []
  const log = await OperationLog.open({
    server: server.url,
    keys: withKeys,
    store: await openFolderStore(join(home, name)),
    onOperation: (operation) => heard.push(textOf(operation)),
    onRefused: (slot) => refused.push(slot),
  })
  return {
    log,
    heard,
    refused,
    append: (text: string) => log.append(new TextEncoder().encode(text)),
    async all() {
      const texts: string[] = []
      for await (const operation of log.operations()) texts.push(textOf(operation))
      return texts.sort()
    },
  }
}

test('what is written without a server is sent in order when there is one, and reaches the others once', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  for (const text of ['a', 'b', 'c']) await ann.append(text)
  expect(ann.log.pendingCount).toBe(3)
  expect(await ann.log.sync()).toEqual({ sent: 3, received: 0, refused: 0 })
  expect(server.stored.map((line) => line.operation_index)).toEqual([0, 1, 2])
  expect(ann.log.pendingCount).toBe(0)
  await ben.append('d')
  await ben.log.sync()
  await ben.log.sync()
  expect(await ben.log.sync()).toEqual({ sent: 0, received: 0, refused: 0 })
  expect(ben.heard).toEqual(['d', 'a', 'b', 'c'])
  await ann.log.sync()
  expect([await ann.all(), await ben.all()]).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'b', 'c', 'd'],
  ])
})

test('a restarted device has all it had, reports it, and goes on with the next index', async () => {
  const ben = await device('ben')
  await ben.append('b')
  await ben.log.sync()
  const before = await device('ann')
  await before.append('a0')
  await before.log.sync()
  await before.log.sync()
  await before.append('a1')

  const after = await device('ann')
  expect([after.heard, await after.all(), after.log.pendingCount]).toEqual([[], ['a0', 'a1', 'b'], 1])
  expect((await after.append('a2')).index).toBe(2)
  expect(await after.log.sync()).toMatchObject({ sent: 2, received: 0 })
  expect(server.requests.at(-1)?.sync_status).toEqual({ [ben.log.clientId]: 0, [after.log.clientId]: 1 })
})

test('a lost answer, a dropped request and a server that is busy lose nothing and store nothing twice', async () => {
  const ann = await device('ann')
  await ann.append('a')
  await ann.append('b')
  server.faults.push('lose-answer', 'drop', null, { status: 503, body: {} })
  await ann.log.sync()
  expect(server.stored.length).toBe(2)
})

test('an answer that breaks off leaves what was whole, and the rest comes with the next try', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  for (let n = 0; n < 6; n += 1) await ann.append(`a${n}`)
  await ann.log.sync()
  const lineLength = JSON.stringify(server.stored[0]).length + 1
  for (const cut of [lineLength * 2 + 40, 10, lineLength + 5]) server.faults.push({ cut })
  await ben.log.sync()
  expect(ben.heard).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5'])
  expect(server.requests.at(-3)?.sync_status).toEqual({ [ann.log.clientId]: 1 })
  expect(server.requests.at(-1)?.sync_status).toEqual({ [ann.log.clientId]: 2 })

  const carl = await device('carl')
  server.faults.push({ cut: lineLength + 3 }, { cut: 3 }, { cut: 3 }, { cut: 3 }, { cut: 3 })
  const error = await carl.log.sync().catch((thrown) => thrown)
  expect([isNetworkError(error), carl.heard]).toEqual([true, ['a0']])
  server.faults.length = 0
  expect(await (await device('carl')).log.sync()).toMatchObject({ received: 5 })
})

test('a gap is not hidden by what comes after it, and is filled when its operation arrives', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  for (let n = 0; n < 4; n += 1) await ann.append(`a${n}`)
  await ann.log.sync()
  const [late] = server.stored.splice(1, 1)
  await ben.log.sync()
  expect(ben.heard).toEqual(['a0', 'a2', 'a3'])
  await ben.log.sync()
  expect(server.requests.at(-1)).toMatchObject({ sync_status: { [ann.log.clientId]: 0 }, cursor: '3' })
  if (late) server.stored.push(late)
  await ben.log.sync()
  expect(ben.heard).toEqual(['a0', 'a2', 'a3', 'a1'])
})

test('a cloned device takes a new client id; nothing is lost and nothing doubled', async () => {
  const ann = await device('ann')
  await ann.append('before')
  await ann.log.sync()
  await ann.append('pending on both')
  await cp(join(home, 'ann'), join(home, 'clone'), { recursive: true })
  const clone = await device('clone')
  expect(clone.log.clientId).toBe(ann.log.clientId)
  for (const text of ['ann 1', 'ann 2']) await ann.append(text)
  for (const text of ['clone 1', 'clone 2']) await clone.append(text)
  await ann.log.sync()
  await clone.log.sync()
  expect(clone.log.clientId).not.toBe(ann.log.clientId)
  await ann.log.sync()
  const all = ['ann 1', 'ann 2', 'before', 'clone 1', 'clone 2', 'pending on both']
  for (const one of [ann, clone, await device('clone')]) expect(await one.all()).toEqual(all)
  expect(server.stored.length).toBe(6)
  expect(clone.heard.sort()).toEqual(['ann 1', 'ann 2', 'clone 1', 'clone 2'])
  expect(clone.log.pendingCount).toBe(0)
})

test('of several processes that find out at once that they were cloned, each operation is moved once', async () => {
  const ann = await device('ann')
  await cp(join(home, 'ann'), join(home, 'clone'), { recursive: true })
  for (const text of ['x', 'y']) await ann.append(text)
  await ann.log.sync()
  const [one, two, three] = [await device('clone'), await device('clone'), await device('clone')]
  for (const text of ['1', '2', '3', '4', '5']) await one.append(text)
  await Promise.all([one, two, three].map(({ log }) => log.sync()))
  for (const { log } of [one, two, three]) await log.sync()
  expect(server.stored.length).toBe(7)
  for (const process of [one, two, three]) expect(await process.all()).toEqual(['1', '2', '3', '4', '5', 'x', 'y'])
})

test('several processes may write at once: every index once, none left out', async () => {
  const processes = [await device('ann'), await device('ann'), await device('ann')]
  const texts = Array.from({ length: 30 }, (_, n) => `operation ${n + 10}`)
  await Promise.all(texts.map((text, n) => processes[n % 3]?.append(text)))
  await processes[0]?.log.sync()
  expect(server.stored.map((line) => line.operation_index)).toEqual(texts.map((_, n) => n))
  for (const process of processes) {
    await process.log.refresh()
    expect(process.heard.sort()).toEqual(texts)
  }
})

test('forged operations are reported once and never applied, and the genuine one still counts when it comes', async () => {
  const ann = await device('ann')
  await ann.append('real 0')
  await ann.append('real 1')
  await ann.log.sync()
  const genuine = server.stored[1]
  const clientId = ann.log.clientId
  const forge = (index: number) =>
    sealOperation({ ...strangers, encrypt: keys.encrypt }, { clientId, index }, new Uint8Array(3))
  if (genuine) server.stored[1] = { ...genuine, payload: await forge(1) }
  const replayed = { client_id: clientId, operation_index: 2, payload: server.stored[0]?.payload ?? '' }
  const garbage = { client_id: crypto.randomUUID(), operation_index: 0, payload: 'garbage' }
  server.stored.push(replayed, garbage)

  const ben = await device('ben')
  expect(await ben.log.sync()).toEqual({ sent: 0, received: 1, refused: 3 })
  expect([ben.heard, ben.refused.map(({ reason }) => reason)]).toEqual([['real 0'], Array(3).fill('not-authentic')])
  const again = await device('ben')
  expect(await again.log.sync()).toEqual({ sent: 0, received: 0, refused: 0 })
  expect(await again.all()).toEqual(['real 0'])

  if (genuine) server.stored.splice(1, 3, genuine)
  expect(await ben.log.sync()).toMatchObject({ received: 1 })
  expect([ben.heard, await ben.all()]).toEqual([
    ['real 0', 'real 1'],
    ['real 0', 'real 1'],
  ])
})

test('an operation of a newer program is passed over, and read once this one is newer', async () => {
  const clientId = crypto.randomUUID()
  const payload = Buffer.from(await sealOperation(keys, { clientId, index: 0 }, new Uint8Array(3)), 'base64')
  payload[0] = 2
  server.stored.push({ client_id: clientId, operation_index: 0, payload: payload.toString('base64') })
  const before = await device('ann')
  await before.log.sync()
  expect(before.refused).toMatchObject([{ reason: 'unknown-format' }])
  payload[0] = 1
  server.stored[0] = { client_id: clientId, operation_index: 0, payload: payload.toString('base64') }
  expect(await (await device('ann')).log.sync()).toMatchObject({ received: 1 })
})

test('a server that lost operations gets them back, from whoever has them', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  for (let n = 0; n < 3; n += 1) await ann.append(`a${n}`)
  await ann.log.sync()
  await ben.append('b')
  await ben.log.sync()
  await ben.log.sync()
  const [first] = server.stored
  server.stored.splice(0, 4, ...(first ? [first] : []))
  const restarted = await device('ben')
  await restarted.append('b1')
  await restarted.log.sync()
  const carl = await device('carl')
  await carl.log.sync()
  expect(await carl.all()).toEqual(['a0', 'a1', 'a2', 'b', 'b1'])
  expect(restarted.heard).toEqual(['b1'])
})

test('a slot that another device took while the server was behind is left to it, and both operations stay', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  await ann.append('a0')
  await ann.log.sync()
  await cp(join(home, 'ann'), join(home, 'clone'), { recursive: true })
  for (const text of ['a1', 'a2']) await ann.append(text)
  await ann.log.sync()
  await ben.log.sync()
  server.stored.length = 1
  const clone = await device('clone')
  await clone.append('c')
  await clone.log.sync()
  const devices = [ann, ben, clone]
  for (const { log } of [...devices, ...devices]) await log.sync()
  for (const one of [...devices, await device('ann'), await device('new')]) {
    await one.log.sync()
    expect(await one.all()).toEqual(['a0', 'a1', 'a2', 'c'])
    expect(new Set(one.heard).size).toBe(one.heard.length)
  }
})

test('after a log was deleted with false operations in it, the server is not asked for all of it again and again', async () => {
  const clientId = crypto.randomUUID()
  server.stored.push({ client_id: clientId, operation_index: 0, payload: 'garbage' })
  const ann = await device('ann')
  await ann.log.sync()
  server.stored.length = 0
  await ann.log.sync()
  const asked = server.requests.length
  await ann.log.sync()
  await ann.log.sync()
  expect(server.requests.length - asked).toBe(2)
})

test('an upload that the server refuses is kept and said, and does not keep the device from receiving', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  await ben.append('b')
  await ben.log.sync()
  await ann.append('a')
  server.faults.push({ status: 507, body: { error: 'quota_exceeded', message: 'No room' } })
  const error = await ann.log.sync().catch((thrown) => thrown)
  expect(isServerError(error, 507) && [error.code, error.message]).toEqual(['quota_exceeded', 'No room'])
  expect([ann.heard, ann.log.pendingCount]).toEqual([['a', 'b'], 1])
  await ann.log.sync()
  expect(ann.log.pendingCount).toBe(0)
})

test('proves that it has the private key when it is asked to', async () => {
  server.wantsProof = true
  const ann = await device('ann')
  await ann.append('a')
  await ann.log.sync()
  expect(server.stored.length).toBe(1)
  const eve = await device('eve', { ...strangers, user: keys.user })
  await expect(eve.log.sync()).rejects.toThrow()
})

test('a line that a crash cut short is passed over and sent again', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  await ann.append('a0')
  await ann.log.sync()
  await ben.log.sync()
  await appendFile(join(home, 'ben', 'received.ndjson'), '{"clientId":"0198c0de-0000-40')
  await ann.append('a1')
  await ann.log.sync()
  const after = await device('ben')
  await after.log.sync()
  expect(await (await device('ben')).all()).toEqual(['a0', 'a1'])
})

test('a folder of another key is refused instead of being mixed up', async () => {
  const ann = await device('ann')
  await ann.append('a')
  const error = await device('ann', strangers).catch((thrown) => thrown)
  expect(isDamagedState(error)).toBe(true)
})

test('a watched log sends what another process appends, and gets over a server that is away', async () => {
  const [ann, ben] = [await device('ann'), await device('ben')]
  const other = await device('ann')
  const stop = new AbortController()
  const troubles: unknown[] = []
  const watching = watchLog(ann.log, { signal: stop.signal, onTrouble: (error) => troubles.push(error) })
  server.faults.push(...Array.from({ length: 3 }, () => ({ status: 500 })))
  await other.append('from the other process')
  await expect.poll(() => server.stored.length, { timeout: 10_000 }).toBe(1)
  await ben.append('b')
  await ben.log.sync()
  await expect.poll(() => ann.heard, { timeout: 10_000 }).toEqual(['from the other process', 'b'])
  stop.abort()
  await watching
  expect(troubles.at(-1)).toBe(null)
})

test('a watched log stops with what trying again does not mend', async () => {
  const ann = await device('ann')
  server.faults.push({ status: 403, body: { error: 'registration_closed', message: 'closed' } }, { status: 403 })
  const error = await watchLog(ann.log, { signal: new AbortController().signal }).catch((thrown) => thrown)
  expect(isServerError(error, 403)).toBe(true)
})
