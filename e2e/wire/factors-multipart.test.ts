import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { type Api, factorsAt, freshHash, startFactors } from '#e2e/support/factors.ts'
import { envelope, refusal } from '#e2e/support/factors-errors.ts'
import { backupForm, backupPart, chunked, multipart, type Part, payloadPart } from '#e2e/support/factors-multipart.ts'
import { uploadFor } from '#e2e/support/factors-uploads.ts'
import { rawRequest } from '#e2e/support/personas.ts'
import { sendRaw } from '#e2e/support/raw-http.ts'
import type { TestServer } from '#e2e/support/server.ts'

const junk = { name: 'junk', content: randomBytes(70_000), filename: '../../../etc/passwd', type: 'image/png' }

describe.each(['create', 'sync'] as const)('the multipart body of %s (factor-backup §4.3, §4.8)', (route) => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const subject = () => uploadFor(api, route)
  const sendParts = (parts: Part[]) => said(api.postForm(route, multipart(parts)))
  const send = (body: Buffer<ArrayBuffer>, type: string) => said(api.postForm(route, { body, type, boundary: '' }))

  const spellings: Array<[name: string, parts: (payload: string, bytes: Buffer) => Part[]]> = [
    [
      'as plain fields',
      (payload, content) => [
        { name: 'payload', content: payload },
        { name: 'backup', content },
      ],
    ],
    [
      'with the payload as a file part',
      (payload, content) => [
        { name: 'payload', content: payload, filename: 'payload.json', type: 'application/json' },
        { name: 'backup', content, filename: 'backup.bin', type: 'application/octet-stream' },
      ],
    ],
    [
      'with the payload as a field that has a JSON content type',
      (payload, content) => [
        { name: 'payload', content: payload, type: 'application/json' },
        { name: 'backup', content, type: 'application/octet-stream' },
      ],
    ],
    [
      'in the other order',
      (payload, content) => [
        { name: 'backup', content, filename: 'b' },
        { name: 'payload', content: payload },
      ],
    ],
    [
      'with odd types and file names',
      (payload, content) => [
        { name: 'payload', content: payload, filename: '', type: 'image/png' },
        { name: 'backup', content, filename: '../../../../etc/passwd', type: 'text/html; charset=latin1' },
      ],
    ],
    [
      'among other parts, some of them large',
      (payload, content) => [
        junk,
        { name: 'payload', content: payload },
        { name: 'Payload', content: 'no' },
        { name: '', content: 'no' },
        { name: 'backup', content },
        junk,
        { name: 'metadata', content: '{}' },
      ],
    ],
    [
      'with parts of the same names before them',
      (payload, content) => [
        { name: 'payload', content: '{"not":"this"}' },
        { name: 'backup', content: randomBytes(900) },
        { name: 'backup', content: '', filename: 'empty' },
        { name: 'payload', content: payload, filename: 'p.json' },
        { name: 'backup', content, filename: 'b' },
      ],
    ],
  ]
  test.each(spellings)('is taken %s', async (_name, parts) => {
    const { payload, bytes, kept } = await subject()
    const answer = await sendParts(parts(JSON.stringify(payload), bytes))
    expect([answer[0], await kept()]).toEqual([200, bytes])
  })

  test('is taken in pieces without a length, and as a FormData of any platform', async () => {
    const first = await subject()
    const { body, type } = backupForm(first.payload, first.bytes)
    const headers = { 'Content-Type': type }
    const streamed = { method: 'POST', headers, body: chunked(body), duplex: 'half' } as RequestInit
    expect((await said(fetch(api.at(route), streamed)))[0]).toBe(200)
    expect(await first.kept()).toEqual(first.bytes)

    const second = await subject()
    const form = new FormData()
    form.append('payload', new Blob([JSON.stringify(second.payload)], { type: 'application/json' }))
    form.append('backup', new Blob([second.bytes as Buffer<ArrayBuffer>]), 'backup')
    expect((await said(fetch(api.at(route), { method: 'POST', body: form })))[0]).toBe(200)
    expect(await second.kept()).toEqual(second.bytes)
  })

  test('is taken gzipped', async () => {
    const { payload, bytes, kept } = await subject()
    const form = backupForm(payload, bytes)
    const headers = { 'Content-Type': form.type, 'Content-Encoding': 'gzip' }
    const body = gzipSync(form.body) as Buffer<ArrayBuffer>
    expect((await said(fetch(api.at(route), { method: 'POST', headers, body })))[0]).toBe(200)
    expect(await kept()).toEqual(bytes)
  })

  test('is taken with a quoted boundary, a preamble, an epilogue, and bytes that look like a boundary', async () => {
    const quoted = await subject()
    const bytes = Buffer.from('\r\n--x\r\n--xy-\r\n-- xy\r\n--x y\r\n\r\n--')
    const parts = [payloadPart(quoted.payload), backupPart(bytes)]
    const spaced = multipart(parts, { boundary: 'x y z' })
    const before = Buffer.concat([Buffer.from('This is a preamble.\r\n'), spaced.body, Buffer.from('and an epilogue')])
    expect((await send(before, 'multipart/form-data; boundary="x y z"'))[0]).toBe(200)
    expect(await quoted.kept()).toEqual(bytes)
  })

  test('is taken from a client that writes its headers in another way, and waits to be told to go on', async () => {
    const first = await subject()
    const loose = [
      Buffer.from('--x\r\ncontent-type: application/json\r\ncontent-disposition: FORM-DATA; name=payload\r\n\r\n'),
      Buffer.from(JSON.stringify(first.payload)),
      Buffer.from('\r\n--x\r\nX-More: y\r\nContent-Disposition:form-data;filename=a.bin;name="backup"\r\n\r\n'),
      first.bytes,
      Buffer.from('\r\n--x--\r\n'),
    ]
    expect((await send(Buffer.concat(loose), 'Multipart/Form-Data; charset=utf-8; boundary=x'))[0]).toBe(200)
    expect(await first.kept()).toEqual(first.bytes)

    const second = await subject()
    const { body, type } = backupForm(second.payload, second.bytes)
    const headers = { 'Content-Type': type, 'Content-Length': String(body.length), Expect: '100-continue' }
    expect((await rawRequest(server.url, `/v1/${route}`, { method: 'POST', headers, body })).status).toBe(200)
  })

  test('is taken among parts that have no name, or nothing at all, in front of them', async () => {
    const { payload, bytes, kept } = await subject()
    const nameless = ['Content-Disposition: form-data', 'Content-Disposition: attachment; name="payload"', 'X: y']
    const before = nameless.map((header) => `--x\r\n${header}\r\n\r\n${'passed over '.repeat(9_000)}\r\n`).join('')
    const { body } = multipart([payloadPart(payload), backupPart(bytes)], { boundary: 'x' })
    const [status] = await send(Buffer.concat([Buffer.from(before), body]), 'multipart/form-data; boundary=x')
    expect([status, await kept()]).toEqual([200, bytes])
  })

  test('without a payload, without a backup, or with an empty one is refused, in this order', async () => {
    const { payload, bytes, kept } = await subject()
    const right = payloadPart(payload)
    expect(await sendParts([])).toEqual(refusal('missing_payload_field'))
    expect(await sendParts([backupPart(bytes)])).toEqual(refusal('missing_payload_field'))
    expect(await sendParts([backupPart(Buffer.alloc(0))])).toEqual(refusal('missing_payload_field'))
    expect(await sendParts([payloadPart({})])).toEqual(refusal('invalid_payload'))
    expect(await sendParts([payloadPart({}), backupPart(Buffer.alloc(0))])).toEqual(refusal('invalid_payload'))
    expect(await sendParts([right])).toEqual(refusal('missing_backup_field'))
    expect(await sendParts([right, { ...right, name: 'BACKUP' }])).toEqual(refusal('missing_backup_field'))
    expect(await sendParts([right, backupPart(Buffer.alloc(0))])).toEqual(refusal('empty_backup_file'))
    expect(await kept()).toBeNull()
    expect((await sendParts([right, backupPart(bytes)]))[0]).toBe(200)
  })

  test.each([
    ['broken JSON', Buffer.from('{"a":')],
    ['nothing', Buffer.alloc(0)],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['very deep JSON', Buffer.from('['.repeat(100_000))],
  ])('with %s for a payload is refused', async (_name, content) => {
    expect(await sendParts([{ name: 'payload', content }, backupPart(randomBytes(10))])).toEqual(
      refusal('invalid_payload'),
    )
  })

  test('that ends early, or is nothing of the kind, is refused and stores nothing', async () => {
    const { payload, bytes, kept } = await subject()
    const { body, type, boundary } = backupForm(payload, bytes)
    const places = [body.indexOf(bytes) + 100, body.length - 1 - 6, 30, 10, body.indexOf('name="backup"') + 4]
    for (const at of places)
      expect([at, await send(body.subarray(0, at), type)]).toEqual([at, refusal('multipart_error')])
    const open = multipart([payloadPart(payload), backupPart(bytes)], { boundary, end: false })
    expect(await send(open.body, type)).toEqual(refusal('multipart_error'))
    for (const garbage of [
      '',
      'hello',
      '\r\n\r\n',
      `--${boundary}`,
      randomBytes(300),
      `--other\r\n\r\nx\r\n--other--\r\n`,
    ])
      expect(await send(Buffer.from(garbage as string), type)).toEqual(refusal('multipart_error'))
    expect(await kept()).toBeNull()
    expect((await send(body, type))[0]).toBe(200)
  })

  test.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed; boundary=x',
    'application/json',
    'application/octet-stream',
  ])('announced as %s is 400', async (type) => {
    const answer = await rawRequest(server.url, `/v1/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: '--x--\r\n',
    })
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([400, envelope])
  })

  test('whose sender goes away in the middle leaves nothing behind', async () => {
    const { payload, bytes, kept } = await subject()
    const { body, type } = backupForm(payload, randomBytes(300_000))
    const head = `POST /v1/${route} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`
    await sendRaw(server.url, head + body.toString('latin1', 0, 200_000), 300)
    expect(await kept()).toBeNull()
    expect((await said(api.postForm(route, backupForm(payload, bytes))))[0]).toBe(200)
  })

  test('with ten thousand parts, or endless headers, is no trouble', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ name: `n${n}`, content: 'x' }))
    const [status] = await sendParts([...many, payloadPart({ x: freshHash() })])
    expect([400, 413]).toContain(status)
    const long = Buffer.from(
      `--x\r\nContent-Disposition: form-data; name="payload"; x="${'a'.repeat(500_000)}"\r\n\r\n{}`,
    )
    expect((await send(long, 'multipart/form-data; boundary=x'))[0]).toBe(400)
    const lines = `--x\r\n${'X-Line: y\r\n'.repeat(20_000)}\r\n{}\r\n--x--\r\n`
    expect((await send(Buffer.from(lines), 'multipart/form-data; boundary=x'))[0]).toBe(400)
    expect((await api.send('sync/challenge/keypair', {}))[0]).toBe(200)
  })
})
