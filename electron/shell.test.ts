import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Pairing } from './server-messages.ts'
import type { ServerState } from './server-process.ts'
import { openSettings } from './settings.ts'
import { dataFolderIn, missingFolder, type Parts, Shell } from './shell.ts'
import { en } from './words/en.ts'

const house = {
  ...{ pid: 1, version: '1', http: 'http://127.0.0.1:4180', https: null, connect: null },
  ...{ dataFolder: '/old', isSetUp: true },
}

/** The shell on a machine whose person answers as told; `done` lists what happened, in order. */
function machine(answers: { folder?: string | null; yes?: boolean; state?: ServerState; pairing?: Pairing } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-machine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const done: string[] = []
  const log = (...words: string[]) => void done.push(words.join(' '))
  const settings = openSettings(join(folder, 'settings.json'))
  let isOn = false
  const parts: Parts = {
    desktop: {
      show: (view) => log('show', view.heading),
      openWindow: () => log('window'),
      openInBrowser: (url) => log('browser', url),
      openFile: (path) => log('file', path),
      chooseFolder: async () => answers.folder ?? null,
      ask: async ({ detail }) => {
        log('ask', detail)
        return answers.yes ?? true
      },
      freePort: async () => 51_234,
      quit: () => log('quit'),
    },
    server: {
      state: answers.state ?? { kind: 'serving', house },
      start: () => log('start'),
      stop: async () => log('stop'),
      restart: async () => log('restart'),
      makePairing: async () => answers.pairing ?? Promise.reject(new Error('HTTPS is off')),
    },
    settings,
    updates: { state: { kind: 'none' }, install: async () => log('install') },
    autostart: {
      get isOn() {
        return isOn
      },
      set(on) {
        isOn = on
      },
    },
    logFile: { path: '/log' },
    words: en,
    language: 'en',
  }
  return { shell: new Shell(parts), done, settings, folder, parts }
}

test('the server’s pages open in the person’s own browser, under a name that passkeys can use', async () => {
  const { shell, done } = machine()
  await shell.act('open')
  await shell.act('set-up')
  expect(done).toEqual(['browser http://localhost:4180', 'browser http://localhost:4180'])
})

test('without a server there is the window, which says why', async () => {
  const { shell, done } = machine({ state: { kind: 'starting' } })
  await shell.act('open')
  expect(done).toEqual(['window'])
})

test('other devices are kept out and let in by a restart, which a reboot does not forget', async () => {
  const { shell, done, settings } = machine()
  await shell.act('pause-lan')
  expect(settings.values.isLanPaused).toBe(true)
  await shell.act('resume-lan')
  expect(settings.values.isLanPaused).toBe(false)
  expect(done).toEqual(['restart', 'restart'])
})

test('another port is kept, because apps need the same address tomorrow', async () => {
  const { shell, settings } = machine({ state: { kind: 'failed', failure: { reason: 'port-in-use', words: '' } } })
  await shell.act('other-port')
  expect(settings.values.httpPort).toBe(51_234)
})

test('another data folder is used after a yes, and nothing is said to have moved', async () => {
  const { shell, done, settings, folder } = machine({ folder: null })
  await shell.act('choose-folder')
  expect(done).toEqual([])

  const chosen = join(folder, 'disk')
  mkdirSync(chosen)
  const refused = machine({ folder: chosen, yes: false })
  await refused.shell.act('choose-folder')
  expect(refused.settings.values.dataFolder).toBeNull()

  const agreed = machine({ folder: chosen })
  await agreed.shell.act('choose-folder')
  expect(agreed.settings.values.dataFolder).toBe(chosen)
  expect(agreed.done[0]).toContain('What is kept in /old stays there')
  expect(agreed.done[1]).toBe('restart')
  expect(settings.values.dataFolder).toBeNull()
})

test('a chosen folder whose drive is not there is told, and nothing is begun anew in its place', () => {
  const { folder } = machine()
  expect(missingFolder(null)).toBeNull()
  expect(missingFolder(folder)).toBeNull()
  expect(missingFolder(join(folder, 'unplugged'))).toMatchObject({ reason: 'folder-not-writable' })
})

test('it never keeps its things among other files', () => {
  const { folder } = machine()
  const chosen = join(folder, 'documents')
  mkdirSync(chosen)
  expect(dataFolderIn(chosen)).toBe(chosen)
  writeFileSync(join(chosen, 'letter.txt'), '')
  expect(dataFolderIn(chosen)).toBe(join(chosen, 'Hearthkeep'))
  writeFileSync(join(chosen, 'hearthkeep.sqlite'), '')
  expect(dataFolderIn(chosen)).toBe(chosen)
})

test('quitting asks while families rely on it, and does not when nothing runs', async () => {
  const kept = machine({ yes: false })
  await kept.shell.act('quit')
  expect(kept.done).not.toContain('quit')
  const failed = machine({ state: { kind: 'failed', failure: { reason: 'unexpected', words: '' } } })
  await failed.shell.act('quit')
  expect(failed.done).toEqual(['quit'])
})

test('a device is connected by a code that is shown until it runs out', async () => {
  const pairing = { code: '7K2M-0QRS-9XYZ', link: 'http://a.local:4180/connect#pair=x', expiresAt: Date.now() + 1_500 }
  const state: ServerState = { kind: 'serving', house: { ...house, https: 'https://a.local:4443' } }
  const { shell, done } = machine({ pairing, state })
  await shell.act('pair')
  expect(shell.view.facts[0]).toEqual({ label: 'Or type this code there', value: pairing.code, canCopy: true })
  expect(done).toEqual(['show Scan this with the other device', 'window'])
  await vi.waitFor(() => expect(done.at(-1)).toBe('show Hearthkeep is running'), { timeout: 15_000 })
})

test('one thing at a time, and one that fails does not hold up the next', async () => {
  const { shell, done, parts } = machine()
  parts.desktop.chooseFolder = () => Promise.reject(new Error('no dialog'))
  const first = shell.act('choose-folder')
  const second = shell.act('show-log')
  await expect(first).rejects.toThrow('no dialog')
  await second
  expect(done).toEqual(['file /log'])
})

test('start at login is switched, and seen in the tray', async () => {
  const { shell, done, parts } = machine()
  await shell.act('start-at-login')
  expect(parts.autostart.isOn).toBe(true)
  await shell.act('start-at-login')
  expect(parts.autostart.isOn).toBe(false)
  expect(done).toEqual(['show Hearthkeep is running', 'show Hearthkeep is running'])
})
