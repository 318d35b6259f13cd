import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { type Api, factorsAt, startFactors } from '#e2e/support/factors.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import { backupForm, backupPart, multipart, type Part, payloadPart } from '#e2e/support/factors-multipart.ts'
import { uploadFor } from '#e2e/support/factors-uploads.ts'
import { rawRequest } from '#e2e/support/personas.ts'
import { sendRaw } from '#e2e/support/raw-http.ts'
import type { TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024

describe.each(['create', 'sync'] as const)('the body of %s (factor-backup §4.3, §8)', (route) => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const subject = () => uploadFor(api, route)

  test('may hold a backup of exactly 15 MiB, and no byte more', { timeout: 60_000 }, async () => {
    const { payload, kept } = await subject()
    const largest = randomBytes(15 * mebibyte)
    expect(await said(api.postForm(route, backupForm(payload, Buffer.concat([largest, Buffer.of(0)]))))).toEqual(
      refusal('content_too_large'),
    )
    expect(await kept()).toBeNull()
    expect((await said(api.postForm(route, backupForm(payload, largest))))[0]).toBe(200)
    expect((await kept())?.equals(largest)).toBe(true)
  })

  test('announced as longer than 16 MiB is refused before it is read', async () => {
    const length = 16 * mebibyte + 1
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': String(length) }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const answer = await sendRaw(server.url, `POST /v1/${route} HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n--x`, 2_000)
    expect(answer).toContain('HTTP/1.1 413')
    expect(answer).toContain(
      JSON.stringify(refusal('content_too_large', `Request body of ${length} bytes is too large.`)[1]),
    )
  })

  test('of exactly 16 MiB is read, whatever fills it', { timeout: 60_000 }, async () => {
    const { payload, bytes, kept } = await subject()
    const filler = (size: number): Part => ({ name: 'filler', content: Buffer.alloc(size) })
    const around = multipart([filler(0), payloadPart(payload), backupPart(bytes)], { boundary: 'x' }).body.length
    const full = multipart([filler(16 * mebibyte - around), payloadPart(payload), backupPart(bytes)], { boundary: 'x' })
    expect(full.body).toHaveLength(16 * mebibyte)
    expect((await said(api.postForm(route, full)))[0]).toBe(200)
    expect(await kept()).toEqual(bytes)
  })

  test('that passes 16 MiB in pieces is a stream that failed', { timeout: 60_000 }, async () => {
    const { payload, bytes, kept } = await subject()
    const filler = { name: 'filler', content: Buffer.alloc(17 * mebibyte) }
    const { body, type } = multipart([filler, payloadPart(payload), backupPart(bytes)])
    const answer = await rawRequest(server.url, `/v1/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': type, 'Transfer-Encoding': 'chunked' },
      body,
    })
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual(
      refusal('multipart_error', 'failed to read stream'),
    )
    expect(await kept()).toBeNull()
  })

  test('may be as large as a setting says, and no larger', async () => {
    await using small = await startFactors({ env: { HEARTHKEEP_FACTOR_BACKUP_MAX_BYTES: '1000' } })
    const there = factorsAt(small.url)
    const { payload, kept } = await uploadFor(there, route)
    expect(await said(there.postForm(route, backupForm(payload, randomBytes(1_001))))).toEqual(
      refusal('content_too_large'),
    )
    expect((await said(there.postForm(route, backupForm(payload, randomBytes(1_000)))))[0]).toBe(200)
    expect(await kept()).toHaveLength(1_000)
  })
})
