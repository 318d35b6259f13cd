import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSettings } from './settings.ts'

function settingsPath(content?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'shell', 'settings.json')
  if (content === undefined) return path
  const there = join(folder, 'settings.json')
  writeFileSync(there, content)
  return there
}

const defaults = { dataFolder: null, httpPort: null, isLanPaused: false }

test('what is changed is there at the next start', () => {
  const path = settingsPath()
  const settings = openSettings(path)
  expect(settings.values).toEqual(defaults)
  settings.change({ isLanPaused: true })
  settings.change({ dataFolder: '/mnt/disk' })
  expect(openSettings(path).values).toEqual({ ...defaults, isLanPaused: true, dataFolder: '/mnt/disk' })
  expect(readdirSync(join(path, '..'))).toEqual(['settings.json'])
})

test('a broken file is put aside and does not keep the server from starting', () => {
  const path = settingsPath('{"dataFolder": "/mnt')
  expect(openSettings(path).values).toEqual(defaults)
  expect(readFileSync(`${path}.broken`, 'utf8')).toContain('/mnt')
})

test.each(['null', '[]', '{"dataFolder":7,"httpPort":"80","isLanPaused":"yes"}', '{"httpPort":70000}'])(
  'values of the wrong kind count as not set: %s',
  (content) => expect(openSettings(settingsPath(content)).values).toEqual(defaults),
)
