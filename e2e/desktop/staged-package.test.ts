import { fork, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freshName, signUp, slot } from '#e2e/support/cloud.ts'
import { bareEnvironment, checkout, filesIn, makeStage, megabytes, type Stage } from '#e2e/support/staged.ts'
import { serverEnvironment } from '#electron/server-environment.ts'
import type { House } from '#electron/server-messages.ts'
import { ServerProcess, type ServerState } from '#electron/server-process.ts'
import type { Settings } from '#electron/settings.ts'

let stage: Stage
beforeAll(() => {
  stage = makeStage()
})
afterAll(() => stage[Symbol.dispose]())

/** Started as the shell starts it: by the staged Node, with the shell's settings, in an environment of a desktop. */
function stagedServer(settings: Partial<Settings> = {}, env: Record<string, string> = {}) {
  const dataFolder = settings.dataFolder ?? stage.beside('data')
  const states: ServerState[] = []
  let printed = ''
  const server = new ServerProcess({
    node: stage.node,
    program: stage.program,
    environment: () =>
      serverEnvironment(
        { ...bareEnvironment, HOME: stage.beside('home'), HEARTHKEEP_HTTP_PORT: '0', ...env },
        { httpPort: null, isLanPaused: false, ...settings, dataFolder },
        stage.beside('compile-cache'),
      ),
    onState: (state) => states.push(state),
    onOutput: (text) => {
      printed += text
    },
    limits: { firstPause: 20, longestPause: 50, passingTries: 1 },
  })
  return {
    server,
    dataFolder,
    states,
    printed: () => printed,
    /** @throws with what it printed, when it fails instead */
    async serving(): Promise<House> {
      await vi.waitFor(
        () => {
          if (server.state.kind === 'failed') throw new Error(printed)
          expect(server.state.kind, printed).toBe('serving')
        },
        { timeout: 45_000, interval: 50 },
      )
      return (server.state as { house: House }).house
    },
    async failed() {
      await vi.waitFor(() => expect(server.state.kind).toBe('failed'), { timeout: 45_000, interval: 50 })
      return (server.state as Extract<ServerState, { kind: 'failed' }>).failure
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

test('the package holds what it needs and no more', () => {
  expect(readdirSync(stage.path).sort()).toEqual(['node', 'server', 'shell'])
  expect(readdirSync(join(stage.path, 'server')).sort()).toEqual([
    ...['.next', 'dist', 'node_modules', 'package.json', 'public'],
  ])
  const files = filesIn(stage.path)
  expect(files.filter((name) => /\.(map|tsx?|nft\.json)$|\/\.env|\.test\.|\/sharp\//.test(name))).toEqual([])
  const ours = files.filter((name) => /^(server\/(\.next|dist)|shell)\/.*\.(m?js|cjs|json|html)$/.test(name))
  expect(ours.filter((name) => readFileSync(join(stage.path, name), 'utf8').includes(checkout))).toEqual([])
  expect(megabytes(join(stage.path, 'server'))).toBeLessThan(60)
  expect(megabytes(join(stage.path, 'shell'))).toBeLessThan(2)
  for (const name of [
    'main.cjs',
    'preload.cjs',
    'package.json',
    'page/status.html',
    'page/status.js',
    'icons/tray.png',
  ])
    expect(existsSync(join(stage.path, 'shell', name)), name).toBe(true)
})

test('it runs alone: keeps a backup, shows pages, and survives being killed', async () => {
  const before = filesIn(stage.path)
  await using staged = stagedServer()
  staged.server.start()
  const house = await staged.serving()
  expect(house).toMatchObject({ isSetUp: false, https: null, connect: null, dataFolder: staged.dataFolder })

  expect((await fetch(`${house.http}/health`)).status).toBe(200)
  const { token } = await signUp(house.http, freshName())
  const bytes = randomBytes(5_000)
  expect((await slot(house.http, token).put(bytes)).status).toBe(200)
  await pageWithItsFiles(house.http.replace('127.0.0.1', 'localhost'))

  const env = { ...bareEnvironment, HEARTHKEEP_DATA_DIR: staged.dataFolder, NODE_COMPILE_CACHE: stage.beside('cache') }
  const health = () => spawnSync(stage.node, [stage.program, 'health', '--ready'], { env, encoding: 'utf8' })
  expect(health()).toMatchObject({ status: 0, stdout: 'ok\n' })

  const copy = await staged.server.copyDatabase()
  expect(copy.startsWith(join(staged.dataFolder, 'snapshots', 'before-update-'))).toBe(true)
  expect(accountsIn(copy)).toBe(1)

  process.kill(house.pid, 'SIGKILL')
  await vi.waitFor(() => expect(staged.states.map(({ kind }) => kind)).toContain('waiting'))
  const again = await staged.serving()
  expect(again.pid).not.toBe(house.pid)
  const kept = Buffer.from(await (await slot(again.http, token).get()).arrayBuffer())
  expect(sha256(kept)).toBe(sha256(bytes))

  await staged.server.stop()
  expect(staged.server.state.kind).toBe('stopped')
  expect(existsSync(join(staged.dataFolder, 'run.json'))).toBe(false)
  expect(health()).toMatchObject({ status: 1, stdout: 'No server runs on this data folder.\n' })
  expect(staged.printed()).toContain('"stopped"')
  expect(staged.printed()).not.toMatch(/"level":"(error|fatal)"/)
  // A package may lie where nobody can write.
  expect(filesIn(stage.path)).toEqual(before)
})

test('other devices are let in after set-up, and kept out while the house is paused', async () => {
  const dataFolder = stage.beside('house')
  const env = {
    HEARTHKEEP_ADMIN_EMAIL: 'keeper@example.org',
    HEARTHKEEP_ADMIN_PASSWORD: 'correct horse battery',
    HEARTHKEEP_HOSTNAME: 'staged.local',
    HEARTHKEEP_HTTPS_PORT: '0',
  }
  {
    await using open = stagedServer({ dataFolder }, env)
    open.server.start()
    const house = await open.serving()
    expect(house.isSetUp).toBe(true)
    expect(house.https).toMatch(/^https:\/\/staged\.local:\d+$/)
    expect(house.connect).toBe(`http://staged.local:${new URL(house.http).port}/connect`)

    const pairing = await open.server.makePairing()
    expect(pairing.link).toContain(`${house.connect}#pair=${pairing.code}`)

    await using second = stagedServer({ dataFolder }, env)
    second.server.start()
    expect(await second.failed()).toMatchObject({ reason: 'folder-in-use' })
  }
  await using paused = stagedServer({ dataFolder, isLanPaused: true }, env)
  paused.server.start()
  expect(await paused.serving()).toMatchObject({ isSetUp: true, https: null, connect: null })
})

test('why it cannot start is told by its reason', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const port = (other.address() as { port: number }).port
  await using taken = stagedServer({ httpPort: port })
  taken.server.start()
  expect(await taken.failed()).toMatchObject({ reason: 'port-in-use', port })
  other.close()

  await using wrong = stagedServer({}, { HEARTHKEEP_TLS: 'nonsense' })
  wrong.server.start()
  const failure = await wrong.failed()
  expect(failure.reason).toBe('configuration')
  expect(failure.words).toContain('HEARTHKEEP_TLS')
})

test('the shell itself, with a stand-in for Electron: it starts the server, guards its window, and takes the server along', async () => {
  const shellFolder = stage.beside('shell')
  const dataFolder = stage.beside('shell-data')
  const main = join(stage.path, 'shell', 'main.cjs')
  const app = fork(main, {
    execArgv: ['--import', join(checkout, 'e2e', 'support', 'use-fake-electron.mjs')],
    env: {
      ...{ ...bareEnvironment, HEARTHKEEP_DATA_DIR: dataFolder, HEARTHKEEP_SHELL_DIR: shellFolder },
      ...{ FAKE_APP_PATH: join(stage.path, 'shell'), HEARTHKEEP_HTTP_PORT: '0' },
    },
  })
  const said: Array<Record<string, unknown>> = []
  app.on('message', (message) => said.push(message as Record<string, unknown>))
  const until = (what: Record<string, unknown>) =>
    vi.waitFor(() => expect(said).toContainEqual(expect.objectContaining(what)), { timeout: 45_000, interval: 50 })
  const ended = new Promise((resolve) => app.once('exit', resolve))
  try {
    await until({ loaded: 'hearthkeep://shell/', status: 200 })
    expect(said).toContainEqual({ sandboxed: true })
    expect(said).toContainEqual({
      hasPreload: true,
      webPreferences: expect.objectContaining({ sandbox: true, contextIsolation: true, nodeIntegration: false }),
    })
    await until({ view: expect.objectContaining({ heading: 'Hearthkeep is running and wants to be set up' }) })
    const { pid, http } = JSON.parse(readFileSync(join(dataFolder, 'run.json'), 'utf8')) as {
      pid: number
      http: string
    }
    expect((await fetch(`${http}/health`)).status).toBe(200)

    app.send(['click', 'Set up now'])
    await until({ opened: http.replace('127.0.0.1', 'localhost') })
    app.send(['navigate', 'https://example.org/'])
    await until({ navigated: 'https://example.org/', stays: false })
    app.send(['open', 'file:///etc/passwd'])
    await until({ wanted: 'file:///etc/passwd', action: 'deny' })
    app.send(['fetch', 'hearthkeep://shell/main.cjs'])
    await until({ fetched: 'hearthkeep://shell/main.cjs', status: 404 })
    app.send(['fetch', 'hearthkeep://shell/status.js'])
    await until({ status: 200, policy: expect.stringContaining("default-src 'none'") })
    app.send(['permit', { permission: 'media', url: 'hearthkeep://shell/' }])
    await until({ permission: 'media', may: false })
    app.send(['ask', { url: 'https://example.org/', action: 'show-log' }])
    app.send(['ask', { url: 'hearthkeep://shell/', action: 'constructor' }])
    app.send(['ask', { url: 'hearthkeep://shell/', action: 'show-log' }])
    await until({ openedFile: join(shellFolder, 'logs', 'server.log') })
    expect(said.filter(({ openedFile }) => openedFile)).toHaveLength(1)
    expect(said.filter(({ opened }) => String(opened).startsWith('file:'))).toEqual([])

    app.send(['quit'])
    expect(await ended).toBe(0)
    expect(() => process.kill(pid, 0)).toThrow()
    expect(existsSync(join(dataFolder, 'run.json'))).toBe(false)
    expect(readFileSync(join(shellFolder, 'logs', 'server.log'), 'utf8')).toContain('"stopped"')
  } finally {
    app.kill('SIGKILL')
  }
})

/** A page, and every style sheet and script that it names. */
async function pageWithItsFiles(address: string): Promise<void> {
  const page = await fetch(`${address}/sign-in`)
  expect(page.status).toBe(200)
  const html = await page.text()
  expect(html).toContain('</html>')
  const files = [...html.matchAll(/(?:src|href)="(\/_next\/[^"]+)"/g)].map(([, path]) => path as string)
  expect(files.some((path) => path.includes('.css'))).toBe(true)
  expect(files.some((path) => path.includes('.js'))).toBe(true)
  for (const path of new Set(files)) expect((await fetch(address + path)).status, path).toBe(200)
}

function accountsIn(database: string): number {
  const sqlite = new Sqlite(database, { readonly: true })
  try {
    return (sqlite.prepare('select count(*) as n from accounts').get() as { n: number }).n
  } finally {
    sqlite.close()
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
