import { expect, test } from 'vitest'
import { startSmtpServer } from '#e2e/support/smtp-server.ts'
import { changeVariables } from '#server/config/kept-variables.ts'
import { testHome } from '#server/testing.ts'
import { sendTestMail } from './send-test-mail.ts'

test('a test mail goes by the mail server as it is set now, and says what that answered', async () => {
  await using home = await testHome()
  await using smtp = await startSmtpServer()
  const { ctx } = home
  const mum = { recipient: 'mum@home.test', language: 'de' as const }
  expect(await sendTestMail(ctx, mum)).toEqual({ taken: false, code: 'ENOTSET', reply: null })
  await changeVariables(ctx, null, { HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_MAIL_FROM: 'house@home.test' })
  expect(await sendTestMail(ctx, mum)).toEqual({ taken: true })
  expect(await smtp.next('mum@home.test')).toMatchObject({
    from: 'house@home.test',
    subject: 'Eine Probemail von Hearthkeep',
  })
  smtp.refuseWith({ code: 554, words: 'mum@home.test is not wanted here' })
  expect(await sendTestMail(ctx, mum)).toEqual({ taken: false, code: 'EMESSAGE', reply: 554 })
  await changeVariables(ctx, null, { HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:1' })
  expect(await sendTestMail(ctx, mum)).toMatchObject({ taken: false, reply: null })
})

test('mail that waits goes by a mail server that is set while the server runs', async () => {
  await using home = await testHome({ HEARTHKEEP_SMTP_URL: '' })
  await using smtp = await startSmtpServer()
  const { ctx } = home
  await changeVariables(ctx, null, { HEARTHKEEP_SMTP_URL: smtp.url })
  const mail = { recipient: 'dad@home.test', subject: 'Later', text: 'Later', html: '<p>Later</p>' }
  await ctx.db.write((tx) => ctx.outbox.queue(tx, mail, 60_000))
  await ctx.outbox.flush()
  expect(await smtp.next('dad@home.test')).toBeDefined()
})
