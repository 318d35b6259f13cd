import { expect, test, vi } from 'vitest'
import { auditEvents, outbox } from '#db/schema/index.ts'
import { type SmtpServer, startSmtpServer } from '#e2e/support/smtp-server.ts'
import { type TestHome, testHome } from '#server/testing.ts'

const from = '"The House" <house@home.example>'
const mail = { recipient: 'ada@x.org', subject: 'Grüße', text: 'a line\r\nüber alles\r\n', html: '<p>über alles</p>' }
const minute = 60_000

async function house(smtp: SmtpServer): Promise<TestHome> {
  return testHome({ HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_MAIL_FROM: from })
}

const queue = ({ ctx }: TestHome, recipient = mail.recipient, lifetime = 60 * minute) =>
  ctx.db.write((tx) => ctx.outbox.queue(tx, { ...mail, recipient }, lifetime))
const waiting = ({ ctx }: TestHome) => ctx.db.read.select().from(outbox).all()

test('a mail goes out with both parts and is forgotten', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  await queue(home)
  home.ctx.outbox.kick()
  const received = await smtp.next('ada@x.org')
  expect(received).toMatchObject({ from: 'house@home.example', recipients: ['ada@x.org'] })
  expect(received.text).toContain('über alles')
  expect(received.html.trim()).toBe('<p>über alles</p>')
  expect(received.headers).toMatchObject({ 'auto-submitted': 'auto-generated', to: 'ada@x.org' })
  expect(received.headers.subject).toMatch(/^=\?UTF-8\?/)
  expect(received.subject).toBe('Grüße')
  await vi.waitFor(() => expect(waiting(home)).toEqual([]))
})

test('a mail of a transaction that failed is not sent', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  const failed = home.ctx.db.write((tx) => {
    home.ctx.outbox.queue(tx, mail, minute)
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  await home.ctx.outbox.flush()
  expect(smtp.received).toEqual([])
})

test('a refused mail is tried again after 30 s, then twice as long each time, and keeps its Message-ID', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  smtp.refuseWith({ code: 451, words: 'try ada@x.org later' })
  await queue(home, mail.recipient, 24 * 60 * minute)
  for (const [attempts, delay] of [30_000, 60_000, 120_000, 240_000].entries()) {
    await home.ctx.outbox.flush()
    const row = waiting(home)[0]
    expect(row?.attempts).toBe(attempts + 1)
    const wait = (row?.nextAttemptAt ?? 0) - home.ctx.clock.now()
    expect(wait).toBeGreaterThan(delay - 5_000)
    expect(wait).toBeLessThanOrEqual(delay)
    await home.ctx.outbox.flush()
    expect(waiting(home)[0]?.attempts).toBe(attempts + 1)
    home.clock.move(delay)
  }
  smtp.refuseWith(null)
  const id = waiting(home)[0]?.id
  await home.ctx.outbox.flush()
  expect((await smtp.next('ada@x.org')).headers['message-id']).toBe(`<${id}@hearthkeep>`)
})

test('the wait never grows beyond an hour', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  smtp.refuseWith({ code: 451, words: 'later' })
  await queue(home, mail.recipient, 72 * 60 * minute)
  for (let n = 0; n < 12; n++) {
    await home.ctx.outbox.flush()
    home.clock.move(60 * minute)
  }
  const [row] = waiting(home)
  expect((row?.nextAttemptAt ?? 0) - home.ctx.clock.now()).toBeLessThanOrEqual(60 * minute)
})

test('a mail that has become worthless is dropped, and that is written down', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  smtp.refuseWith({ code: 451, words: 'later' })
  await queue(home, mail.recipient, 10 * minute)
  await home.ctx.outbox.flush()
  home.clock.move(10 * minute)
  smtp.refuseWith(null)
  await home.ctx.outbox.flush()
  expect(smtp.received).toEqual([])
  expect(waiting(home)).toEqual([])
  expect(home.ctx.db.read.select().from(auditEvents).all()).toMatchObject([{ event: 'mail.dropped' }])
})

test('one mail that is refused does not hold up the next', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  // Not an address to SMTP: it cannot be said in an envelope.
  await queue(home, '<odd>@x.org')
  await queue(home, 'bob@x.org')
  await home.ctx.outbox.flush()
  expect(smtp.received.map(({ recipients }) => recipients)).toEqual([['bob@x.org']])
  expect(waiting(home).map(({ recipient, attempts }) => [recipient, attempts])).toEqual([['<odd>@x.org', 1]])
})

test.each([
  'a, b@x.org',
  'ada@x.org, eve@evil.example',
  '"ada@x.org" <eve@evil.example>',
  'eve@evil.example;ada@x.org',
])('%s is one recipient or none, never two', async (recipient) => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  await queue(home, recipient)
  await home.ctx.outbox.flush()
  for (const { recipients } of smtp.received) {
    expect(recipients).toHaveLength(1)
    expect(recipients[0]).not.toBe('eve@evil.example')
  }
})

test('a line break never makes a header', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  await home.ctx.db.write((tx) =>
    home.ctx.outbox.queue(tx, { ...mail, subject: 'hello\r\nBcc: eve@evil.example\r\n\r\nbody' }, minute),
  )
  await home.ctx.outbox.flush()
  const received = await smtp.next('ada@x.org')
  expect(received.recipients).toEqual(['ada@x.org'])
  expect(received.headers.bcc).toBeUndefined()
})

test('what waits does not lie in the clear, and what another key wrote is given up', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  await queue(home)
  expect(JSON.stringify(waiting(home))).not.toContain('alles')
  await home.ctx.db.write((tx) => tx.update(outbox).set({ text: 'AAAA' }).run())
  await home.ctx.outbox.flush()
  expect(smtp.received).toEqual([])
  expect(waiting(home)).toEqual([])
})

test('the log says that a mail failed, not to whom nor what the server said', async () => {
  await using smtp = await startSmtpServer()
  await using home = await house(smtp)
  const lines: string[] = []
  for (const level of ['warn', 'info', 'error'] as const)
    vi.spyOn(home.ctx.log, level).mockImplementation(((...said: unknown[]) => {
      lines.push(JSON.stringify(said))
    }) as never)
  smtp.refuseWith({ code: 550, words: 'no such user ada@x.org' })
  await queue(home)
  await home.ctx.outbox.flush()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('550')
  expect(lines.join()).not.toContain('ada')
})

test('a server that hangs does not keep the house from stopping; the mail waits for the next start', async () => {
  const { createServer } = await import('node:net')
  const hanging = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => hanging.once('listening', resolve))
  const { port } = hanging.address() as { port: number }
  const home = await testHome({ HEARTHKEEP_SMTP_URL: `smtp://127.0.0.1:${port}` })
  await queue(home)
  const flushed = home.ctx.outbox.flush()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const began = performance.now()
  home.ctx.outbox.stop()
  await flushed
  expect(performance.now() - began).toBeLessThan(500)
  expect(waiting(home)).toHaveLength(1)
  await home[Symbol.asyncDispose]()
  hanging.close()
})
