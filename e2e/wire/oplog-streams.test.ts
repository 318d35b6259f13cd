import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inDatabase, objectPath } from '#e2e/support/disaster-inspect.ts'
import { s3ForTest } from '#e2e/support/disaster-s3.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { Device, lineOf, sync } from '#e2e/support/oplog.ts'
import { sendRaw } from '#e2e/support/raw-http.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024

/** Begin a fetch on a connection of its own and read nothing yet. */
async function begin(server: TestServer, body: unknown): Promise<IncomingMessage> {
  const outgoing = request(`${server.url}/sync`, {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'application/json' },
  })
  outgoing.end(JSON.stringify(body))
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return incoming
}

async function rest(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** Resident memory, MiB; Linux only. */
function resident(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

async function sendAll(phone: Device, payloads: string[], atOnce = 50): Promise<void> {
  for (let start = 0; start < payloads.length; start += atOnce) {
    const answers = await Promise.all(payloads.slice(start, start + atOnce).map((payload) => phone.send(payload)))
    for (const answer of answers) if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
  }
}

describe('long answers', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('11 ten thousand operations come whole and in order', { timeout: 180_000 }, async () => {
    const phone = new Device(server)
    const payloads = Array.from({ length: 10_000 }, (_, index) => `${index} ${'x'.repeat(300)}`)
    await sendAll(phone, payloads)
    const { lines } = await phone.another().fetch()
    const byIndex = lines.toSorted((a, b) => a.operation_index - b.operation_index)
    expect(byIndex.map((line) => line.payload)).toEqual(payloads)
    // All ways of choosing: some of one client picked, and more than are picked one by one.
    const laptop = phone.another()
    await laptop.send('from the laptop')
    const tail = phone.another()
    for (const known of [9_998, 6_000, 4_000, 10]) {
      const some = (await tail.fetch({ [phone.id]: known, [laptop.id]: 0 })).lines
      expect(some.map((line) => line.operation_index).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 9_999 - known }, (_, index) => known + 1 + index),
      )
    }
    expect((await tail.fetch({ [phone.id]: 9_999 })).lines).toEqual([lineOf(laptop, 0, 'from the laptop')])
    const most = (await tail.fetch({ [phone.id]: 100 })).lines
    expect([most.length, most.at(-1)]).toEqual([9_900, lineOf(laptop, 0, 'from the laptop')])
  })

  test('small and large operations keep their order', async () => {
    const phone = new Device(server)
    const sizes = [1, 16_384, 16_385, 3, 300_000, 1_000_000, 2, 20_000, 20_000, 5]
    const payloads = sizes.map((size) =>
      randomBytes(size / 2 + 1)
        .toString('hex')
        .slice(0, size),
    )
    await sendAll(phone, payloads, 1)
    const payloadsOf = async (known: number) =>
      (await phone.another().fetch({ [phone.id]: known })).lines.map((line) => line.payload)
    expect(await payloadsOf(-1)).toEqual(payloads)
    expect(await payloadsOf(2)).toEqual(payloads.slice(3))
    expect(await payloadsOf(8)).toEqual(payloads.slice(9))
  })

  const linux = process.platform === 'linux' ? '' : ' (skipped: memory is read from /proc)'
  test.skipIf(linux)(
    `readers that stop reading cost little memory and hold nobody up${linux}`,
    { timeout: 180_000 },
    async () => {
      const phone = new Device(server)
      const payloads = Array.from({ length: 60 }, (_, index) => `${index}`.padEnd(mebibyte, 'p'))
      await sendAll(phone, payloads, 4)
      await phone.another().fetch()
      const before = resident(server.pid)
      const slow = await Promise.all(
        Array.from({ length: 10 }, () => begin(server, { user: phone.user, client_id: phone.another().id })),
      )
      await sleep(1_000)
      expect(resident(server.pid) - before).toBeLessThan(96)
      expect((await phone.send('meanwhile')).status).toBe(200)
      const [patient, ...gone] = slow
      for (const incoming of gone) incoming.destroy()
      const lines = (await rest(patient as IncomingMessage)).trimEnd().split('\n')
      // Up to what was stored when it asked (D10).
      expect(lines.map((line) => JSON.parse(line).payload.length)).toEqual(Array(60).fill(mebibyte))
    },
  )

  test('HTTP/1.0 knows no chunks: the lines alone, and the end of the connection ends them', async () => {
    const phone = new Device(server)
    await sendAll(phone, ['a', 'b'.repeat(30_000)], 1)
    const ask = JSON.stringify({ user: phone.user, client_id: phone.another().id })
    for (const more of ['', 'Connection: keep-alive\r\n']) {
      const answer = await sendRaw(
        server.url,
        `POST /sync HTTP/1.0\r\n${more}Content-Length: ${ask.length}\r\n\r\n${ask}`,
      )
      const [head = '', body = ''] = answer.split('\r\n\r\n')
      expect(head.toLowerCase()).not.toContain('transfer-encoding')
      expect(
        body
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line).payload.length),
      ).toEqual([1, 30_000])
    }
  })

  test('D13 what fails in the middle ends in a cut connection, after whole lines', async () => {
    const phone = new Device(server)
    await sendAll(phone, ['a', 'b', 'c'.repeat(30_000), 'd'.repeat(30_000), 'e'], 1)
    const blobs = inDatabase(server.dataFolder, (sqlite) =>
      sqlite.prepare('select blob_id as id from operations where blob_id is not null order by seq').all(),
    ) as { id: string }[]
    rmSync(objectPath(server.dataFolder, blobs.at(-1)?.id ?? ''))
    const incoming = await begin(server, { user: phone.user, client_id: phone.another().id })
    expect(incoming.statusCode).toBe(200)
    let got = ''
    incoming.setEncoding('utf8').on('data', (text) => {
      got += text
    })
    const ended = await once(incoming, 'end').then(
      () => 'whole',
      () => 'cut',
    )
    expect(ended).toBe('cut')
    expect(incoming.complete).toBe(false)
    const whole = got.slice(0, got.lastIndexOf('\n')).split('\n')
    expect(whole.map((line) => JSON.parse(line).payload[0])).toEqual(['a', 'b', 'c'])
    // Nothing is sent before it: then there is still time to say so.
    const first = await phone.another().fetch({ [phone.id]: 2 })
    expect([first.status, first.error]).toEqual([500, 'internal_error'])
    // The rest can be had.
    expect((await phone.another().fetch({ [phone.id]: 3 })).lines).toEqual([lineOf(phone, 4, 'e')])
  })
})

describe('waiting for news', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('a fetch that may wait is answered when something arrives, for that key alone', async () => {
    const [phone, stranger] = [new Device(server), new Device(server)]
    await phone.send('a')
    const waiting = phone.another().fetch({ [phone.id]: 0 }, { wait: 30 })
    const first = phone.another().fetch({}, { wait: 30 })
    expect((await first).lines).toHaveLength(1)
    await stranger.send('not for them')
    await phone.send('b')
    expect((await waiting).lines).toEqual([lineOf(phone, 1, 'b')])
  })

  test('it is empty when nothing comes, and a new key can be waited for', async () => {
    const phone = new Device(server)
    const answer = await phone.fetch({}, { wait: 0.2 })
    expect([answer.status, answer.text, answer.headers.get('content-length')]).toEqual([200, '', '0'])
    const waiting = phone.another().fetch({}, { wait: 30 })
    await sleep(100)
    await phone.send('first')
    expect((await waiting).lines).toHaveLength(1)
  })

  test('the end of the server ends all waiting, and nothing is lost', async () => {
    const phone = new Device(server)
    await phone.send('a')
    const waiting = phone.another().fetch({ [phone.id]: 0 }, { wait: 60 })
    await sleep(200)
    const stopped = server.stop()
    const answer = await waiting
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(await stopped).toBe(0)
    await server.restart()
    expect((await phone.another().fetch()).lines).toHaveLength(1)
  })
})

describe('limits (oplog-sync §4)', () => {
  const start = (env: Record<string, string> = {}) => startServer({ env: { HEARTHKEEP_RATE_LIMIT: 'on', ...env } })

  test('one key may ask a burst of sixty, then 429 says when to come back', async () => {
    await using server = await start()
    const phone = new Device(server)
    const answers = await Promise.all(Array.from({ length: 90 }, () => phone.fetch()))
    const refused = answers.filter((answer) => answer.status === 429)
    expect(refused.length).toBeGreaterThanOrEqual(5)
    expect(refused[0]?.error).toBe('rate_limited')
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(refused[0]?.headers.get('access-control-expose-headers')).toContain('Retry-After')
    expect((await new Device(server).fetch()).status).toBe(200)
  })

  test('twenty new clients of a key and twenty new keys of an address an hour', async () => {
    await using server = await start()
    const phone = new Device(server)
    const clients = await Promise.all(Array.from({ length: 22 }, () => phone.another().send('x')))
    expect(clients.map((answer) => answer.status).sort()).toEqual([...Array(20).fill(200), 429, 429])
    const keys = await Promise.all(Array.from({ length: 21 }, () => new Device(server).send('x')))
    expect(keys.filter((answer) => answer.status === 429)).toHaveLength(2)
    // Whoever is known already is not held up.
    expect((await phone.fetch()).status).toBe(200)
  })

  test('four answers at a time, and the places come back', async () => {
    await using server = await start()
    const phone = new Device(server)
    await sendAll(
      phone,
      Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(mebibyte)),
      4,
    )
    const ask = { user: phone.user, client_id: phone.another().id }
    const slow = []
    for (let place = 0; place < 4; place += 1) slow.push(await begin(server, ask))
    expect(slow.map((incoming) => incoming.statusCode)).toEqual([200, 200, 200, 200])
    const fifth = await sync(server.url, ask)
    expect([fifth.status, fifth.error, fifth.headers.get('retry-after')]).toEqual([429, 'rate_limited', '2'])
    expect((await phone.fetch({ [phone.id]: 19 })).status).toBe(200)
    for (const incoming of slow) incoming.destroy()
    await until('a place is free', async () => (await sync(server.url, ask)).status === 200)
  })

  test('sixteen may wait for one key, and whoever leaves makes room', async () => {
    await using server = await start()
    const phone = new Device(server)
    await phone.send('a')
    const ask = JSON.stringify({ user: phone.user, client_id: phone.id, operation_index: 0, wait: 60 })
    const waiting = Array.from({ length: 16 }, () => {
      const leave = new AbortController()
      fetch(`${server.url}/sync`, { method: 'POST', body: ask, signal: leave.signal }).catch(() => {})
      return leave
    })
    await until('there is no more room', async () => (await phone.fetch({ [phone.id]: 0 }, { wait: 1 })).status === 429)
    for (const leave of waiting) leave.abort()
    await until('there is room again', async () => (await phone.fetch({ [phone.id]: 0 }, { wait: 1 })).status === 200)
  })

  test('a full log is 507, says so for bytes and for operations, and can still be read', async () => {
    await using server = await startServer({
      env: { HEARTHKEEP_OPLOG_QUOTA_OPERATIONS: '3', HEARTHKEEP_OPLOG_QUOTA_BYTES: '50000' },
    })
    const phone = new Device(server)
    await sendAll(phone, ['a', 'b', 'c'], 1)
    const fourth = await phone.send('d')
    expect([fourth.status, fourth.error]).toEqual([507, 'quota_exceeded'])
    expect((await phone.send('c', { operation_index: 2 })).status).toBe(200)
    expect((await phone.another().fetch()).lines).toHaveLength(3)
    const laptop = new Device(server)
    expect((await laptop.send('x'.repeat(49_999))).status).toBe(200)
    expect((await laptop.send('xx')).status).toBe(507)
    expect((await laptop.send('x'.repeat(40_000))).status).toBe(507)
    expect((await laptop.send('x')).status).toBe(200)
  })
})

test('long operations are kept on S3 too, and come back verified', async () => {
  await using s3 = await s3ForTest()
  await using server = await startServer({ env: s3.env })
  const phone = new Device(server)
  const payloads = ['small', randomBytes(20_000).toString('hex'), randomBytes(500_000).toString('base64'), 'last']
  await sendAll(phone, payloads, 1)
  expect((await phone.send(payloads[2] ?? '', { operation_index: 2 })).status).toBe(200)
  expect((await phone.send('other'.repeat(10_000), { operation_index: 2 })).status).toBe(409)
  await server.stop('SIGKILL')
  await server.restart()
  expect((await phone.another().fetch()).lines.map((line) => line.payload)).toEqual(payloads)
})
