import { expect, test } from 'vitest'
import { reasons } from './server-messages.ts'
import type { ServerState } from './server-process.ts'
import { trayMenu } from './tray.ts'
import { type Action, viewOf } from './view.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { wordsFor } from './words/words.ts'

const house = {
  pid: 1,
  version: '1.0.0',
  http: 'http://127.0.0.1:4180',
  https: 'https://hearth.local:4443',
  connect: 'http://hearth.local:4180/connect',
  dataFolder: '/data',
  isSetUp: true,
}
const settings = { dataFolder: null, httpPort: null, isLanPaused: false }

function seen(server: ServerState, more = {}, words = en) {
  return viewOf({ server, settings, update: { kind: 'none' }, pairing: null, ...more }, words, 'en')
}

const actionsOf = (view: ReturnType<typeof seen>) => view.buttons.map(({ action }) => action)

test('a house that is served: addresses, the code to scan, the way in, and how to close it', () => {
  const view = seen({ kind: 'serving', house })
  expect(view).toMatchObject({ tone: 'good', heading: 'Hearthkeep is running', details: null })
  expect(view.facts.map(({ value }) => value)).toEqual([
    ...['http://localhost:4180', house.https, house.connect, '/data'],
  ])
  const svg = Buffer.from(view.qr?.image.split(',')[1] ?? '', 'base64').toString()
  expect(svg).toMatch(/^<svg/)
  expect(actionsOf(view)).toEqual(['open', 'pair', 'pause-lan'])
})

test('before set-up there is one thing to do, and nothing to connect to', () => {
  const view = seen({ kind: 'serving', house: { ...house, https: null, connect: null, isSetUp: false } })
  expect(actionsOf(view)).toEqual(['set-up'])
  expect(view.qr).toBeNull()
})

test('while it is paused, devices can be let in again', () => {
  const server: ServerState = { kind: 'serving', house: { ...house, https: null, connect: null } }
  const view = seen(server, { settings: { ...settings, isLanPaused: true } })
  expect(view.heading).toBe('Hearthkeep is running for this computer only')
  expect(actionsOf(view)).toEqual(['open', 'resume-lan'])
  const pairing = { code: '7K2M', link: 'http://hearth.local:4180/connect#pair=7K2M', expiresAt: 1 }
  expect(seen(server, { settings: { ...settings, isLanPaused: true }, pairing })).toEqual(view)
})

test.each(reasons)(
  '%s is told in words in both languages, with something to do and the server’s own words',
  (reason) => {
    const state: ServerState = { kind: 'failed', failure: { reason, words: 'of the server', port: 4180 } }
    for (const words of [en, de]) {
      const view = seen(state, {}, words)
      expect(view.tone).toBe('bad')
      expect(view.heading.length).toBeGreaterThan(10)
      expect(view.lead.length).toBeGreaterThan(20)
      expect(view.lead).not.toContain('undefined')
      expect(view.details?.text).toBe('of the server')
      expect(actionsOf(view)).toContain('try-again')
      expect(actionsOf(view)).toContain('show-log')
    }
    const text = (words: typeof en) => seen(state, {}, words).heading
    expect(text(en)).not.toBe(text(de))
  },
)

test('what helps is offered where it helps', () => {
  const failing = (reason: 'port-in-use' | 'folder-not-writable' | 'disk-full') =>
    actionsOf(seen({ kind: 'failed', failure: { reason, words: '' } }))
  expect(failing('port-in-use')).toContain('other-port')
  expect(failing('folder-not-writable')).toContain('choose-folder')
  expect(failing('disk-full')).not.toContain('choose-folder')
})

test('an update is announced and offered in every state; while it is installed it is not offered', () => {
  const ready = { update: { kind: 'ready' as const, version: '2.0.0' } }
  expect(actionsOf(seen({ kind: 'serving', house }, ready))).toContain('install-update')
  expect(actionsOf(seen({ kind: 'failed', failure: { reason: 'unexpected', words: '' } }, ready))).toContain(
    'install-update',
  )
  expect(seen({ kind: 'serving', house }, ready).update).toContain('2.0.0')
  const installing = seen({ kind: 'stopping' }, { update: { kind: 'installing', version: '2.0.0' } })
  expect(actionsOf(installing)).toEqual([])
})

test('the tray has what can be done now and what is always there, each once', () => {
  const asked: Action[] = []
  const states: ServerState[] = [
    { kind: 'serving', house },
    { kind: 'starting' },
    { kind: 'failed', failure: { reason: 'folder-not-writable', words: '' } },
  ]
  for (const state of states) {
    const menu = trayMenu(seen(state), en, true, (action) => asked.push(action))
    const labels = menu.flatMap(({ label }) => label ?? [])
    expect(labels).toEqual([...new Set(labels)])
    expect(labels).toEqual(
      expect.arrayContaining(['Start at login', 'Choose data folder …', 'Show log', 'Quit Hearthkeep']),
    )
    expect(menu.find(({ label }) => label === 'Start at login')).toMatchObject({ type: 'checkbox', checked: true })
  }
  const menu = trayMenu(seen({ kind: 'serving', house }), en, false, (action) => asked.push(action))
  for (const { click } of menu) click?.()
  expect(asked).toEqual([
    ...['open', 'pair', 'pause-lan', 'status', 'start-at-login', 'choose-folder', 'show-log', 'quit'],
  ])
})

test('the system’s language decides', () => {
  expect(wordsFor('de-AT').language).toBe('de')
  expect(wordsFor('de').words).toBe(de)
  expect(wordsFor('nl').words).toBe(en)
  expect(wordsFor('').words).toBe(en)
})
