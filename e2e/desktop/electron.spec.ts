import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import { checkout, makeStage, type Stage } from '#e2e/support/staged.ts'

/** Given by `ELECTRON_BINARY`, or fetched into node_modules by `npx install-electron`. */
function findElectron(): string | null {
  if (process.env.ELECTRON_BINARY) return process.env.ELECTRON_BINARY
  const folder = join(checkout, 'node_modules', 'electron')
  const named = join(folder, 'path.txt')
  const path = existsSync(named) ? join(folder, 'dist', readFileSync(named, 'utf8')) : null
  return path && existsSync(path) ? path : null
}

const electron = findElectron()
const without = 'no Electron here; ELECTRON_BINARY or npx install-electron'

let stage: Stage | null = null
test.afterAll(() => stage?.[Symbol.dispose]())

test(`the real app: starts the server, shows how it is, and takes the server along${electron ? '' : ` (skipped: ${without})`}`, async () => {
  test.skip(!electron, without)
  stage = makeStage()
  const dataFolder = stage.beside('data')
  const app = await _electron.launch({
    executablePath: electron ?? '',
    args: [join(stage.path, 'shell'), '--lang=en-GB', ...(process.platform === 'linux' ? ['--no-sandbox'] : [])],
    env: {
      ...(process.env as Record<string, string>),
      HEARTHKEEP_DATA_DIR: dataFolder,
      HEARTHKEEP_SHELL_DIR: stage.beside('shell'),
      HEARTHKEEP_HTTP_PORT: '0',
    },
  })
  const window = await app.firstWindow()
  const status = window.getByRole('status')
  await expect(status).toContainText('wants to be set up', { timeout: 60_000 })
  const readRunFile = () =>
    JSON.parse(readFileSync(join(dataFolder, 'run.json'), 'utf8')) as { pid: number; http: string }
  const { pid, http } = readRunFile()
  expect((await fetch(`${http}/health`)).status).toBe(200)

  expect(window.url()).toBe('hearthkeep://shell/')
  expect(await window.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual([])
  await window.evaluate(() => {
    location.href = 'file:///etc/passwd'
  })
  expect(await window.evaluate(() => globalThis.open('file:///etc/passwd') === null)).toBe(true)
  expect(app.windows()).toHaveLength(1)
  expect(window.url()).toBe('hearthkeep://shell/')

  await app.evaluate(({ shell }) => {
    shell.openExternal = async (url) => void Object.assign(globalThis, { opened: url })
  })
  await window.getByRole('button', { name: 'Set up now' }).click()
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { opened?: string }).opened))
    .toBe(http.replace('127.0.0.1', 'localhost'))

  process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => existsSync(join(dataFolder, 'run.json')) && readRunFile().pid !== pid, { timeout: 60_000 })
    .toBe(true)
  await expect(status).toContainText('wants to be set up')
  await app
    .evaluate(({ app: itself, dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false })
      itself.quit()
    })
    .catch(() => {})
  await expect.poll(() => existsSync(join(dataFolder, 'run.json')), { timeout: 30_000 }).toBe(false)
})
