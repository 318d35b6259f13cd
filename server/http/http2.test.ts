import { once } from 'node:events'
import { type ClientHttp2Session, connect, createServer, type OutgoingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { expect, test } from 'vitest'
import { levelHttp2 } from './http2.ts'

/** What the wire sees of a request by HTTP/2: its `Host`, and the name in its address. */
async function seen(session: ClientHttp2Session, headers: OutgoingHttpHeaders): Promise<unknown> {
  const stream = session.request({ ':path': '/', ...headers })
  let body = ''
  for await (const part of stream) body += part
  return JSON.parse(body)
}

test('the wire is told by what name it was called, as by HTTP/1.1', async () => {
  const wire = getRequestListener(({ headers, url }) => Response.json([headers.get('host'), new URL(url).hostname]), {
    overrideGlobalObjects: false,
    hostname: 'localhost',
  })
  const server = createServer((request, response) => {
    levelHttp2(request as never, response as never)
    void wire(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect(await seen(session, { ':authority': 'house.local:4443' })).toEqual(['house.local:4443', 'localhost'])
  expect(await seen(session, { ':authority': 'house.local', host: 'house.local' })).toEqual([
    'house.local',
    'localhost',
  ])
  session.close()
  server.close()
})
