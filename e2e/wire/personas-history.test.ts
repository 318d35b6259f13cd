import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, register } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startServer()
  ada = await register(server.url)
})
afterAll(() => server?.[Symbol.asyncDispose]())

const history = (person: Person, pid: string, version = '', method = 'GET') =>
  fetch(`${server.url}/personas/${encodeURIComponent(pid)}/history${version}`, { method, headers: person.auth })

test('an overwritten persona is listed with its media type and can be brought back', async () => {
  await ada.put('me', 'first', { 'Content-Type': 'a/a' })
  await ada.put('me', 'second one', { 'Content-Type': 'b/b' })
  expect(await (await history(ada, 'me')).json()).toMatchObject({
    history: [{ version: 1, size: 5, contentType: 'a/a' }],
  })
  const restored = await history(ada, 'me', '/1', 'POST')
  expect([restored.status, restored.headers.get('etag'), await restored.text()]).toEqual([200, '"3"', '{}'])
  const now = await ada.get('me')
  expect([now.headers.get('content-type'), await now.text()]).toEqual(['a/a', 'first'])
})

test('a deleted persona comes back', async () => {
  await ada.put('gone', 'precious')
  await ada.remove('gone')
  expect((await ada.get('gone')).status).toBe(410)
  expect((await history(ada, 'gone', '/1', 'POST')).status).toBe(200)
  expect(await (await ada.get('gone')).text()).toBe('precious')
})

test('only the owner sees or restores it, and only what there is', async () => {
  const eve = await register(server.url)
  await ada.put('mine', 'one')
  await ada.put('mine', 'two')
  expect(await (await history(eve, 'mine')).json()).toEqual({ history: [] })
  expect((await history(eve, 'mine', '/1', 'POST')).status).toBe(404)
  for (const version of ['/9', '/2', '/x', '/-1']) {
    const answer = await history(ada, 'mine', version, 'POST')
    expect([answer.status, (await answer.json()).failure.code]).toEqual([404, [4, 4]])
  }
  expect((await fetch(`${server.url}/personas/mine/history`)).status).toBe(401)
  expect(await (await ada.get('mine')).text()).toBe('two')
})
