import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withBrotliFiles } from './brotli-files.ts'

const script = 'console.log("a script that says the same again and again");\n'.repeat(50)
let folder: string
let server: Server

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-static-'))
  mkdirSync(join(folder, 'static', 'chunks'), { recursive: true })
  writeFileSync(join(folder, 'static', 'chunks', 'a~b-1.js'), script)
  writeFileSync(join(folder, 'secret.js'), 'secret')
  server = createServer(withBrotliFiles(join(folder, 'static'), (_, response) => response.writeHead(418).end('next')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

type Got = { status: number; headers: Record<string, unknown>; body: Buffer }

function get(path: string, encoding = 'gzip, deflate, br', method = 'GET'): Promise<Got> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const sent = request({ port, path, method, headers: { 'Accept-Encoding': encoding } }, async (answer) => {
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) })
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('a script comes as brotli, to be kept for good', async () => {
  for (const time of ['first', 'second']) {
    const { status, headers, body } = await get('/_next/static/chunks/a~b-1.js?dpl=1')
    expect(status, time).toBe(200)
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'application/javascript; charset=UTF-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(body.length),
      vary: 'Accept-Encoding',
    })
    expect(brotliDecompressSync(body).toString()).toBe(script)
  }
  const head = await get('/_next/static/chunks/a~b-1.js', 'br', 'HEAD')
  expect([head.status, head.body.length]).toEqual([200, 0])
})

test.each(['gzip', '', 'br;q=0', 'br;q=0.0, gzip', 'brotli'])('whoever takes %j is left to Next', async (encoding) => {
  expect((await get('/_next/static/chunks/a~b-1.js', encoding)).status).toBe(418)
})

test.each([
  '/_next/static/chunks/none.js',
  '/_next/static/../secret.js',
  '/_next/static/chunks/../../secret.js',
  '/_next/static/%2e%2e/secret.js',
  '/_next/static/chunks',
  '/_next/static//etc/passwd.js',
  '/secret.js',
])('%s is left to Next', async (path) => {
  expect((await get(path)).body.toString()).toBe('next')
})

test('nothing but reading is answered', async () => {
  expect((await get('/_next/static/chunks/a~b-1.js', 'br', 'POST')).status).toBe(418)
})
