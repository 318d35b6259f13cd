import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPrivateKey, importKeys, type OplogKeys } from '#client/surfaces/oplog/keys.ts'
import { provePossession } from '#client/surfaces/oplog/prove-possession.ts'
import { SyncClient } from '#client/surfaces/oplog/sync-client.ts'
import { watchLog } from '#client/surfaces/oplog/watch-log.ts'
import { isServerError } from '#client/transport/errors.ts'
import { Transport } from '#client/transport/transport.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { openDevice, readWholeLog } from '#e2e/support/oplog-device.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let home: string
let keys: OplogKeys
let devices = 0
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hearthkeep-oplog-client-'))
  server = await startServer({ dataFolder: join(home, 'server') })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})
beforeEach(async () => {
  keys = await importKeys(await createPrivateKey(2048))
})

function device(withKeys = keys) {
  devices += 1
  return openDevice(server.url, withKeys, join(home, `device ${devices}`))
}

test('small and large operations come back as they went in, through the real server', async () => {
  const [ann, ben] = [await device(), await device()]
  const texts = ['', 'x', 'y'.repeat(190), 'z'.repeat(191), 'ü🦊'.repeat(5_000), '.'.repeat(764 * 1024)]
  for (const text of texts) await ann.append(text)
  expect(await ann.log.sync()).toMatchObject({ sent: texts.length })
  await ben.log.sync()
  expect(ben.heard).toEqual(texts)
})

test('a waiting device hears at once what another writes, and stops waiting when it is told to', async () => {
  const [ann, ben] = [await device(), await device()]
  const stop = new AbortController()
  const watching = watchLog(ben.log, { signal: stop.signal })
  for (const text of ['one', 'two', 'three']) {
    await ann.append(text)
    await ann.log.sync()
    await until(`${text} was heard`, () => ben.heard.at(-1) === text)
  }
  stop.abort()
  await watching
})

test('a server that was restored from an older copy gets everything back, also what another device had written', async () => {
  const [ann, ben] = [await device(), await device()]
  await ann.append('a0')
  await ann.log.sync()
  await server.stop()
  cpSync(server.dataFolder, join(home, 'older'), { recursive: true })
  await server.restart()
  // The port is another one after every start.
  const later = [await ann.restart(server.url), await ben.restart(server.url)] as const
  await later[0].append('a1')
  await later[1].append('b0')
  for (const { log } of [...later, later[0]]) await log.sync()

  await server.stop()
  rmSync(server.dataFolder, { recursive: true })
  cpSync(join(home, 'older'), server.dataFolder, { recursive: true })
  await server.restart()
  expect((await readWholeLog(server.url, keys)).map(({ text }) => text)).toEqual(['a0'])
  // Ann alone comes back; Ben's device is lost.
  await (await later[0].restart(server.url)).log.sync()
  expect((await readWholeLog(server.url, keys)).map(({ text }) => text).sort()).toEqual(['a0', 'a1', 'b0'])
})

test('a log that asks for a proof is closed to whoever has the public key alone, and open to its devices', async () => {
  const [ann, ben] = [await device(), await device()]
  await ann.append('a')
  await ann.log.sync()
  await provePossession(new Transport({ baseUrl: server.url }), keys, { require: true })
  const refused = await readWholeLog(server.url, keys).catch((error) => error)
  expect(isServerError(refused, 401) && refused.code).toBe('proof_required')
  await ben.log.sync()
  expect(ben.heard).toEqual(['a'])

  const strangers = await importKeys(await createPrivateKey(2048))
  const eve = new SyncClient(server.url, { ...strangers, user: keys.user })
  await expect(eve.sync({ clientId: crypto.randomUUID(), status: {} })).rejects.toThrow()
})

test('what somebody with the public key alone writes is passed over, and stops nobody', async () => {
  const [ann, ben] = [await device(), await device()]
  const strangers = await importKeys(await createPrivateKey(2048))
  const eve = await device({ ...strangers, user: keys.user, encrypt: keys.encrypt })
  await eve.append('I am Ann')
  await eve.log.sync()
  await ann.append('I am')
  await ann.log.sync()
  expect(await ben.log.sync()).toEqual({ sent: 0, received: 1, refused: 1 })
  expect(await ben.log.sync()).toEqual({ sent: 0, received: 0, refused: 0 })
  expect(await ben.all()).toEqual(['I am'])
})
