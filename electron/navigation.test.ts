import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isPermitted, pageFile, pagePolicy, whereTo } from './navigation.ts'

test.each([
  ['hearthkeep://shell/', 'window'],
  ['http://localhost:4180/sign-in', 'browser'],
  ['https://hearth.local:4443/home', 'browser'],
  ['https://example.org/', 'browser'],
  ['hearthkeep://other/', 'nowhere'],
  ['https://user:secret@example.org/', 'nowhere'],
  ['file:///etc/passwd', 'nowhere'],
  ['javascript:alert(1)', 'nowhere'],
  ['data:text/html,hello', 'nowhere'],
  ['smb://server/share', 'nowhere'],
  ['ms-settings:', 'nowhere'],
  ['not a url', 'nowhere'],
] as const)('%s leads to the %s', (url, place) => expect(whereTo(url)).toBe(place))

test('the page may use the clipboard to write, and nothing else; others may nothing', () => {
  expect(isPermitted('clipboard-sanitized-write', 'hearthkeep://shell/')).toBe(true)
  expect(isPermitted('clipboard-sanitized-write', 'hearthkeep://shell.evil.example/')).toBe(false)
  expect(isPermitted('clipboard-sanitized-write', 'http://localhost:4180/')).toBe(false)
  for (const permission of ['media', 'clipboard-read', 'geolocation', 'notifications', 'openExternal', 'hid', 'usb'])
    expect(isPermitted(permission, 'hearthkeep://shell/')).toBe(false)
})

test('the page’s scheme gives three files and no others', () => {
  expect(pageFile('hearthkeep://shell/')?.name).toBe('status.html')
  expect(pageFile('hearthkeep://shell/status.js')?.type).toMatch(/javascript/)
  for (const url of ['/../main.cjs', '/%2e%2e/main.cjs', '/package.json', '/status.css/x', '//etc/passwd'])
    expect(pageFile(`hearthkeep://shell${url}`)).toBeNull()
  expect(pageFile('hearthkeep://other/status.js')).toBeNull()
  for (const name of ['status.html', 'status.css'])
    expect(existsSync(join(import.meta.dirname, 'page', name))).toBe(true)
  expect(pagePolicy).toContain("default-src 'none'")
  expect(pagePolicy).not.toContain('unsafe')
})
