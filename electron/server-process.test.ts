import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { ServerProcess, type ServerProcessOptions, type ServerState } from './server-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-shell-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ready = `process.send({ type: 'ready', pid: process.pid, version: '1', http: 'http://127.0.0.1:1', https: null,
  connect: null, dataFolder: '/data', isSetUp: false })`
const lives = 'setInterval(() => {}, 1000)'

/** A server that behaves as the script says, and every state it was in. */
function serverDoing(script: string, limits: Record<string, number> = {}) {
  const program = join(folder, `${crypto.randomUUID()}.cjs`)
  writeFileSync(program, script)
  const states: ServerState[] = []
  const options: ServerProcessOptions = {
    node: process.execPath,
    program,
    environment: () => process.env,
    onState: (state) => states.push(state),
    limits: { firstPause: 5, longestPause: 20, ...limits },
  }
  const server = new ServerProcess(options)
  const kinds = () => states.map(({ kind }) => kind)
  const until = (kind: ServerState['kind']) => vi.waitFor(() => expect(kinds()).toContain(kind), { timeout: 15_000 })
  return { server, states, kinds, until, options }
}

test('it serves once the server says so, and is stopped by being asked', async () => {
  const { server, kinds, until } = serverDoing(`process.on('SIGTERM', () => process.exit(0)); ${ready}; ${lives}`)
  server.start()
  await until('serving')
  await server.stop()
  expect(kinds()).toEqual(['starting', 'serving', 'stopping', 'stopped'])
})

test('one that does not listen is ended after the time limit', async () => {
  const { server, until } = serverDoing(`process.on('SIGTERM', () => {}); ${ready}; ${lives}`, { stop: 50 })
  server.start()
  await until('serving')
  await server.stop()
  expect(server.state).toEqual({ kind: 'stopped' })
})

test('one that never gets ready is ended and started again', async () => {
  const { server, states, until } = serverDoing(lives, { ready: 100 })
  server.start()
  await until('waiting')
  await server.stop()
  expect(states.find(({ kind }) => kind === 'waiting')).toMatchObject({
    failure: { reason: 'unexpected', words: 'The server did not get ready in time.' },
  })
})

test('after a crash it is started again, with growing pauses and with what it printed last', async () => {
  const { server, states } = serverDoing(`console.error('TypeError: of mine'); process.exit(1)`)
  server.start()
  const waits = () => states.filter((state) => state.kind === 'waiting')
  await vi.waitFor(() => expect(waits().length).toBeGreaterThanOrEqual(4), { timeout: 15_000 })
  await server.stop()
  expect(
    waits()
      .map(({ milliseconds }) => milliseconds)
      .slice(0, 4),
  ).toEqual([5, 10, 20, 20])
  expect(waits()[0]?.failure.words).toContain('TypeError: of mine')
})

test('what only a person can mend is not tried again', async () => {
  const { server, states, kinds, until } = serverDoing(
    `process.send({ type: 'failed', reason: 'database-too-new', words: 'newer' }, () => process.exit(77))`,
  )
  server.start()
  await until('failed')
  expect(kinds()).toEqual(['starting', 'failed'])
  expect(states.at(-1)).toEqual({ kind: 'failed', failure: { reason: 'database-too-new', words: 'newer' } })
})

test('a port in use may come free; it is told after some tries', async () => {
  const { server, kinds, until } = serverDoing(
    `process.send({ type: 'failed', reason: 'port-in-use', words: 'used', port: 4180 }, () => process.exit(69))`,
  )
  server.start()
  await until('failed')
  expect(kinds().filter((kind) => kind === 'waiting')).toHaveLength(5)
  expect(server.state).toMatchObject({ failure: { reason: 'port-in-use', port: 4180 } })
})

test('a program that is not there is told', async () => {
  const states: ServerState[] = []
  const server = new ServerProcess({
    node: join(folder, 'no-such-node'),
    program: 'x',
    environment: () => process.env,
    onState: (state) => states.push(state),
    limits: { firstPause: 60_000 },
  })
  server.start()
  await vi.waitFor(() => expect(server.state.kind).toBe('waiting'))
  expect(server.state).toMatchObject({ failure: { words: expect.stringContaining('ENOENT') } })
  await server.stop()
  expect(states.map(({ kind }) => kind)).toEqual(['starting', 'waiting', 'stopped'])
})

test('what keeps it from being started is told, until it is gone', async () => {
  const { server, kinds, until, options } = serverDoing(
    `process.on('SIGTERM', () => process.exit(0)); ${ready}; ${lives}`,
  )
  options.obstacle = () => ({ reason: 'folder-not-writable', words: 'unplugged' })
  server.start()
  expect(kinds()).toEqual(['starting', 'failed'])
  options.obstacle = () => null
  server.start()
  await until('serving')
  await server.stop()
})

test('a copy of the database is asked for, and refused when the server ends meanwhile', async () => {
  const { server, until } = serverDoing(
    `process.on('message', ({ id }) => id === 1
      ? process.send({ type: 'database-copied', id, path: '/data/copy.sqlite' })
      : id === 2 ? process.send({ type: 'database-copied', id, words: 'no room' }) : process.exit(1)); ${ready}`,
  )
  await expect(server.copyDatabase()).rejects.toThrow('not running')
  server.start()
  await until('serving')
  await expect(server.copyDatabase()).resolves.toBe('/data/copy.sqlite')
  await expect(server.copyDatabase()).rejects.toThrow('no room')
  await expect(server.copyDatabase()).rejects.toThrow('ended meanwhile')
  await server.stop()
})
