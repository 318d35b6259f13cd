import { expect, test } from 'vitest'
import { readMessage } from './server-messages.ts'

const ready = {
  ...{ type: 'ready', pid: 7, version: '1.0.0', http: 'http://127.0.0.1:4180', https: 'https://hearth.local:4443' },
  ...{ connect: 'http://hearth.local:4180/connect', dataFolder: '/data', isSetUp: true },
}

test('what the server says is understood', () => {
  const { type, ...house } = ready
  expect(readMessage(ready)).toEqual({ type, house })
  expect(readMessage({ type: 'failed', reason: 'port-in-use', words: 'used', port: 4180 })).toEqual({
    type: 'failed',
    failure: { reason: 'port-in-use', words: 'used', port: 4180 },
  })
  expect(readMessage({ type: 'database-copied', id: 1, path: '/x' })).toMatchObject({ id: 1, path: '/x' })
})

test('a pairing code is understood, and one without a link for browsers is none', () => {
  const made = { type: 'pairing-made', id: 2, code: '7K2M', link: 'http://a.local/connect#pair=7K2M', expiresAt: 1 }
  const { type, id, ...pairing } = made
  expect(readMessage(made)).toEqual({ type, id, pairing, words: '' })
  expect(readMessage({ ...made, link: 'javascript:alert(1)' })).toMatchObject({ pairing: null })
})

test('a reason of a later version is an unexpected one', () => {
  expect(readMessage({ type: 'failed', reason: 'moon-phase', words: 'x' })).toMatchObject({
    failure: { reason: 'unexpected', words: 'x' },
  })
})

test.each([
  null,
  'ready',
  {},
  { ...ready, http: 'http://evil.example/' },
  { ...ready, http: 'http://127.0.0.1:4180/?x' },
  { ...ready, pid: '7' },
  { type: 'database-copied', id: 'x' },
])('anything else is nothing: %j', (message) => expect(readMessage(message)).toBeNull())

test('addresses that are none are left out', () => {
  const message = readMessage({ ...ready, https: 'javascript:alert(1)', connect: 'file:///etc/passwd' })
  expect(message).toMatchObject({ house: { https: null, connect: null } })
})
