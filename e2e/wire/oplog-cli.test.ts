import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { watchFolder } from '#e2e/support/oplog-watch.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let home: string
beforeAll(async () => {
  server = await startServer()
  home = mkdtempSync(join(tmpdir(), 'hearthkeep-sync-'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

const passphrase = { HEARTHKEEP_SYNC_PASSPHRASE: 'a passphrase for the key' }
const sealedKey = 'key-for-other-devices.sealed'
let lists = 0

/** Two folders that share a new list. */
async function twoDevices() {
  lists += 1
  const [one, two] = [join(home, `${lists} one`), join(home, `${lists} two`)]
  await sync(one, ['init', '--server', server.url])
  await sync(two, ['join', join(one, sealedKey), '--server', server.url])
  return { one, two }
}

async function sync(folder: string, args: string[], expected = 0) {
  const run = await hearthkeep(['sync', ...args, '--folder', folder, '--json'], passphrase)
  expect([run.code, run.stdout, run.stderr]).toEqual([expected, run.stdout, expected === 0 ? '' : run.stderr])
  return JSON.parse(run.stdout) as { items: string[]; sent: number; received: number; pending: number }
}

async function itemsOf(folder: string): Promise<string[]> {
  return (await sync(folder, ['list'])).items
}

test('what is added or removed in one folder appears in the other while both watch', async () => {
  const { one, two } = await twoDevices()
  const watching = await Promise.all([watchFolder(one), watchFolder(two)])
  const [first, second] = watching
  try {
    await sync(one, ['add', 'milk'])
    await second?.prints('+ milk\n')
    await sync(two, ['add', 'çelik 🥛'])
    await first?.prints('+ çelik 🥛\n')
    await sync(two, ['remove', 'milk'])
    await first?.prints('- milk\n')
  } finally {
    expect(await Promise.all(watching.map((one) => one.stop()))).toEqual([0, 0])
  }
  expect(first?.printed()).toBe('+ milk\n+ çelik 🥛\n- milk\n')
  for (const folder of [one, two]) expect(await itemsOf(folder)).toEqual(['çelik 🥛'])
})

test('changes made without a server are kept and exchanged when it is back; an adding wins over a removing', async () => {
  const { one, two } = await twoDevices()
  await sync(one, ['add', 'milk'])
  await sync(one, ['run'])
  expect(await sync(two, ['run'])).toMatchObject({ sent: 0, received: 1, items: ['milk'] })
  await server.stop('SIGKILL')
  await sync(one, ['remove', 'milk'])
  await sync(two, ['add', 'milk'])
  await sync(two, ['add', 'eggs'])
  await sync(one, ['run'], 3)
  await server.restart()
  for (const folder of [one, two, one]) await sync(folder, ['run', '--server', server.url])
  for (const folder of [one, two]) expect(await itemsOf(folder)).toEqual(['eggs', 'milk'])
})

test('a watcher that is killed loses nothing, and a folder that was copied goes on as a device of its own', async () => {
  const { one, two } = await twoDevices()
  const watching = await watchFolder(one)
  await sync(one, ['add', 'a'])
  await watching.prints('+ a\n')
  await watching.stop('SIGKILL')
  const copy = join(home, `${lists} copy`)
  cpSync(one, copy, { recursive: true })
  await sync(one, ['add', 'b'])
  await sync(copy, ['add', 'c'])
  for (const folder of [one, copy, two, one]) await sync(folder, ['run'])
  for (const folder of [one, copy, two]) expect(await itemsOf(folder)).toEqual(['a', 'b', 'c'])
})

test('what was kept for others is not for others on this machine, and the server holds nothing readable', async () => {
  const { one } = await twoDevices()
  await sync(one, ['add', 'a very findable item'])
  await sync(one, ['run'])
  for (const entry of readdirSync(one, { recursive: true, withFileTypes: true })) {
    expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077).toBe(0)
  }
  const files = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(readFileSync(join(file.parentPath, file.name)).includes('findable')).toBe(false)
  }
  expect(server.log()).not.toContain('findable')
})

test('says what is wrong, and ends with a code for it', async () => {
  const { one, two } = await twoDevices()
  const join3 = ['sync', 'join', join(one, sealedKey), '--folder', join(home, 'three'), '--server', server.url]
  const wrong = await hearthkeep(join3, { HEARTHKEEP_SYNC_PASSPHRASE: 'not the passphrase' })
  expect(wrong.code).toBe(5)
  expect((await hearthkeep(join3)).code).toBe(2)
  expect((await hearthkeep(['sync', 'list', '--folder', join(home, 'three')])).stderr).toContain('sync init')
  await sync(one, ['init', '--server', server.url], 2)
  await sync(two, ['remove', 'never added'], 2)
  const short = { HEARTHKEEP_SYNC_PASSPHRASE: 'too short' }
  const init = await hearthkeep(['sync', 'init', '--folder', join(home, 'four'), '--server', server.url], short)
  expect([init.code, init.stderr]).toEqual([2, expect.stringContaining('longer than 12')])
})
