import { expect, test } from 'vitest'
import { readConfig } from '#server/config/env.ts'
import { relyingPartiesOf, relyingPartyAt, relyingPartyOf } from './relying-party.ts'

const app = 'android:apk-key-hash:o0Fu39yqrsxeWSucqge7eOzG8xrsRAn0nKbTtN_x2-A'
const partyOf = (env: Record<string, string>, address = 'http://127.0.0.1:4180') =>
  relyingPartyOf({ config: readConfig({ HEARTHKEEP_HOSTNAME: 'box.home.example', ...env }), address })

test('follows the server’s name and HTTPS port', () => {
  expect(partyOf({})).toEqual({
    id: 'box.home.example',
    name: 'Hearthkeep',
    origins: ['https://box.home.example:4443'],
  })
  expect(partyOf({ HEARTHKEEP_HTTPS_PORT: '443' }).origins).toEqual(['https://box.home.example'])
  expect(partyOf({ HEARTHKEEP_HTTPS_PORT: 'off' }).origins).toEqual(['https://box.home.example'])
})

test('the public address comes first', () => {
  const { origins } = partyOf({ HEARTHKEEP_PUBLIC_URL: 'https://keep.example/below/' })
  expect(origins).toEqual(['https://keep.example', 'https://box.home.example:4443'])
})

test('an id above the server’s name leaves the name in the origin', () => {
  const party = partyOf({ HEARTHKEEP_RP_ID: 'home.example' })
  expect(party).toMatchObject({ id: 'home.example', origins: ['https://box.home.example:4443'] })
})

test('plain HTTP counts for localhost alone', () => {
  const local = partyOf({ HEARTHKEEP_RP_ID: 'localhost' }, 'http://127.0.0.1:5555')
  expect(local.origins).toContain('http://localhost:5555')
  expect(partyOf({ HEARTHKEEP_RP_ID: 'localhost' }, 'http://127.0.0.1').origins).toContain('http://localhost')
})

test('what is configured counts, and nothing beside it', () => {
  const env = { HEARTHKEEP_RP_ID: 'keys.example', HEARTHKEEP_RP_NAME: 'Keys' }
  const party = partyOf({ ...env, HEARTHKEEP_RP_ORIGINS: `https://keys.example,${app}` })
  expect(party).toEqual({ id: 'keys.example', name: 'Keys', origins: ['https://keys.example', app] })
})

test('unless it is configured, the name that a page is open under is the relying party, and all of ours are taken', () => {
  const env = { HEARTHKEEP_HOSTNAME: 'box.home.example', HEARTHKEEP_PUBLIC_URL: 'https://keep.example' }
  const server = { config: readConfig(env), address: 'http://127.0.0.1:4180' }
  const idAt = (host: string | null) => relyingPartyAt(server, host).id
  expect(idAt('localhost:4180')).toBe('localhost')
  expect(relyingPartyAt(server, 'localhost:4180').origins).toEqual(['http://localhost:4180'])
  expect(idAt('keep.example')).toBe('keep.example')
  for (const host of ['box.home.example:4443', '192.168.1.2:4180', '[::1]:4180', 'evil.example', 'a b', '', null])
    expect(idAt(host)).toBe('box.home.example')
  expect(relyingPartiesOf(server).map(({ id }) => id)).toEqual(['box.home.example', 'keep.example', 'localhost'])
})

test('what is configured is the one relying party under every name', () => {
  const config = readConfig({ HEARTHKEEP_RP_ID: 'keys.example', HEARTHKEEP_RP_ORIGINS: `https://keys.example,${app}` })
  const server = { config, address: 'http://127.0.0.1:4180' }
  expect(relyingPartyAt(server, 'localhost:4180').id).toBe('keys.example')
  expect(relyingPartiesOf(server)).toHaveLength(1)
})
