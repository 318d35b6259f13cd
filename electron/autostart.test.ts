import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { autostartOf } from './autostart.ts'

test('on Linux it is an entry in the autostart folder, for the AppImage itself', () => {
  const home = mkdtempSync(join(tmpdir(), 'hearthkeep-home-'))
  const env = { NODE_ENV: 'test' as const, HOME: home, APPIMAGE: '/opt/my "apps"/100%$x/Hearthkeep.AppImage' }
  const autostart = autostartOf({ getLoginItemSettings: vi.fn(), setLoginItemSettings: vi.fn() }, env, 'linux')
  expect(autostart.isOn).toBe(false)
  autostart.set(true)
  expect(autostart.isOn).toBe(true)
  const entry = readFileSync(join(home, '.config', 'autostart', 'hearthkeep.desktop'), 'utf8')
  expect(entry).toContain('[Desktop Entry]\nType=Application\n')
  expect(entry).toContain(String.raw`Exec="/opt/my \\"apps\\"/100%%\\$x/Hearthkeep.AppImage" --hidden`)
  autostart.set(false)
  autostart.set(false)
  expect(autostart.isOn).toBe(false)
  rmSync(home, { recursive: true })
})

test('elsewhere the system keeps it, and starts the shell without its window', () => {
  let item = { openAtLogin: false }
  const app = {
    getLoginItemSettings: () => item,
    setLoginItemSettings: (settings: typeof item) => {
      item = settings
    },
  }
  const autostart = autostartOf(app, process.env, 'win32')
  autostart.set(true)
  expect(item).toEqual({ openAtLogin: true, args: ['--hidden'] })
  expect(autostart.isOn).toBe(true)
})
