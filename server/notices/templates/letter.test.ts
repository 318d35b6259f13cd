import { expect, test } from 'vitest'
import { startSmtpServer } from '#e2e/support/smtp-server.ts'
import { everyLanguage } from '#server/kit/language.ts'
import { smtpMailer } from '#server/notices/mail.ts'
import { mailedEvents } from '#server/notices/notice-kinds.ts'
import type { letters } from '#server/notices/words/letters.ts'
import { accountDeleted } from './account-deleted.ts'
import { accountDisabled } from './account-disabled.ts'
import { accountEnabled } from './account-enabled.ts'
import { accountKept } from './account-kept.ts'
import { accountLeaving } from './account-leaving.ts'
import { backupReminder } from './backup-reminder.ts'
import { deletionOrdered } from './deletion-ordered.ts'
import type { Addressed, Letter } from './letter.ts'
import { nameChanged } from './name-changed.ts'
import { noticeLetter } from './notice.ts'
import { otpDeviceLocked } from './otp-device-locked.ts'
import { passkeyAdded } from './passkey-added.ts'
import { passwordChanged } from './password-changed.ts'
import { passwordReset } from './password-reset.ts'
import { recoveryCodeUsed } from './recovery-code-used.ts'
import { testMail } from './test-mail.ts'
import { when } from './when.ts'

const server = 'https://home.example'
const link = `${server}/password/reset.html?email=a%40x&reset_code=${'0'.repeat(64)}`
const at = Date.UTC(2026, 10, 21, 8, 30)
const deleteAt = Date.UTC(2026, 11, 5, 8, 30)
const told = { recipient: 'a@x', language: null, server }

type Written = { write: (to: Addressed) => Letter; names: string[] }

/** Each letter with what must stand in it whatever the language. */
const single: Record<Exclude<keyof (typeof letters)['en'], 'from'>, Written> = {
  accountDeleted: { write: accountDeleted, names: ['a@x'] },
  accountDisabled: { write: (to) => accountDisabled({ ...to, at }), names: ['a@x'] },
  accountEnabled: { write: (to) => accountEnabled({ ...to, at }), names: ['a@x'] },
  accountKept: { write: (to) => accountKept({ ...to, at }), names: ['a@x'] },
  accountLeaving: { write: (to) => accountLeaving({ ...to, at, deleteAt }), names: ['a@x', `  ${server}/sign-in\r\n`] },
  deletionOrdered: { write: (to) => deletionOrdered({ ...to, at, deleteAt }), names: ['a@x'] },
  backupReminder: {
    write: (to) => backupReminder({ ...to, devices: ['Pixel 9', 'Old iPad'] }),
    names: ['a@x', 'Pixel 9, Old iPad', `  ${server}/home/cloud\r\n`],
  },
  nameChanged: { write: (to) => nameChanged({ ...to, at, now: 'b@x' }), names: ['a@x', 'b@x'] },
  otpDeviceLocked: {
    write: (to) => otpDeviceLocked({ ...to, device: 'Pixel 9', minutes: 15 }),
    names: ['a@x', 'Pixel 9', '15'],
  },
  passkeyAdded: { write: (to) => passkeyAdded({ ...to, at, label: 'YubiKey' }), names: ['a@x', 'YubiKey'] },
  passwordChanged: { write: (to) => passwordChanged({ ...to, at }), names: ['a@x'] },
  passwordReset: {
    write: (to) => passwordReset({ ...to, link, minutes: 60 }),
    names: ['a@x', `  ${link}\r\n`, '60'],
  },
  recoveryCodeUsed: { write: (to) => recoveryCodeUsed({ ...to, at, left: 7 }), names: ['a@x', '7'] },
  testMail: { write: testMail, names: [] },
}

const details = { from: 'Firefox', version: 3, reason: 'EIO' }
const events = Array.from({ length: 12 }, () => ({ at, address: '192.168.1.9', details }))
const noticed = mailedEvents.map((event): [string, Written] => [
  event,
  {
    write: (to) => noticeLetter({ ...to, event, events }),
    names: ['a@x', '192.168.1.9', 'Firefox', 'ersion 3', '(EIO)', '2'],
  },
])

const everyLetter = [...Object.entries(single), ...noticed]
const paragraphsOf = ({ text }: Letter) => text.trimEnd().split('\r\n\r\n')

test.each(everyLetter)('%s is written in every language, whole', (_name, { write, names }) => {
  const english = write({ ...told, language: 'en' })
  for (const language of everyLanguage) {
    const letter = write({ ...told, language })
    const paragraphs = paragraphsOf(letter)
    expect(paragraphs).toHaveLength(paragraphsOf(english).length)
    for (const part of [letter.subject, ...paragraphs]) {
      expect(part.trim()).not.toBe('')
      expect(part).not.toMatch(/undefined|null|NaN|\[object|\$\{|=>/)
    }
    for (const name of names) expect(letter.text, language).toContain(name)
    expect(letter.text).toContain(server)
    expect(letter.html).toContain(`<html lang="${language}">`)
    expect(letter.html).toContain(`<title>${letter.subject}</title>`)
  }
})

test.each(everyLetter)('nothing of %s was left in English', (_name, { write }) => {
  const english = write({ ...told, language: 'en' })
  for (const language of everyLanguage.filter((code) => code !== 'en')) {
    const letter = write({ ...told, language })
    expect(letter.subject).not.toBe(english.subject)
    const prose = paragraphsOf(letter).filter((paragraph) => !paragraph.startsWith('  '))
    for (const paragraph of prose) {
      expect(paragraphsOf(english)).not.toContain(paragraph)
      expect(paragraph).not.toMatch(/\b(the|your|you|and|this|with|from|account|password|backup)\b/i)
    }
  }
})

test.each(everyLetter)('%s is English to whom no language is known, with times that read anywhere', (_name, one) => {
  const english = one.write({ ...told, language: 'en' })
  const unknown = one.write(told)
  expect(one.write({ ...told, language: 'tlh' })).toEqual(unknown)
  expect(unknown.subject).toBe(english.subject)
  const plain = [at, deleteAt].reduce((text, time) => text.replaceAll(when(time, 'en'), when(time, null)), english.text)
  expect(unknown.text).toBe(plain)
  expect(unknown.html).toContain('<html lang="en">')
})

test('a client reads every letter as it was written, umlauts, quotes and long subjects included', async () => {
  await using smtp = await startSmtpServer()
  const mailer = smtpMailer({ smtpUrl: smtp.url, from: 'house@home.test' })
  const send = async ([name, { write }]: [string, Written]) => {
    const letter = write({ ...told, recipient: 'jürgen@home.test', language: 'de' })
    await mailer.send(name, { ...letter, recipient: `${name}@home.test` })
    const { subject, text, html, raw } = await smtp.next(`${name}@home.test`)
    expect({ subject, text: text.trimEnd(), html: html.trimEnd() }).toEqual({
      subject: letter.subject,
      text: letter.text.trimEnd(),
      html: letter.html.replaceAll('\n', '\r\n').trimEnd(),
    })
    // What a relay may not carry is not in it (RFC 5322 §2.1.1, RFC 2045 §2.7).
    expect(raw).toMatch(/^[\x20-\x7e\r\n\t]*$/)
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78)
  }
  await Promise.all(everyLetter.map(send))
  mailer.close()
})

test('a reset mail names the address, says to ignore it, and holds the link, in text and HTML', () => {
  const { subject, text, html } = passwordReset({ ...told, link, minutes: 60 })
  expect(subject).toBe('You Requested a Password Reset for Hearthkeep')
  for (const part of [text, html]) {
    expect(part).toContain('requested to reset the Hearthkeep password for a@x')
    expect(part).toContain('please ignore this email')
    expect(part).toContain('60 minutes')
    expect(part).toContain(server)
  }
  expect(text).toContain(`  ${link}\r\n`)
  expect(html).toContain(`<a href="${link.replaceAll('&', '&amp;')}">`)
})

test('what people call themselves does not become markup', () => {
  const recipient = `"><img src=x onerror=alert(1)>'@x`
  const { html, text } = passwordReset({ ...told, recipient, link, minutes: 60 })
  expect(html).not.toContain('<img')
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;@x')
  expect(text).toContain(recipient)
})

test('a mail loads nothing from anywhere', () => {
  const { html } = passwordReset({ ...told, link, minutes: 60 })
  expect(html).not.toMatch(/src=|<script|<link|@import|url\(/)
})

test('a changed password is told with its time, to each as they read it', () => {
  expect(passwordChanged({ ...told, at }).text).toContain('was changed on 2026-11-21 08:30 UTC.')
  expect(passwordChanged({ ...told, at }).text).toContain('If it was NOT you')
  expect(passwordChanged({ ...told, language: 'de', at }).text).toContain(
    `Das Hearthkeep-Passwort von a@x wurde am ${when(at, 'de')} geändert.`,
  )
})

test('what came together is one letter, the last ten of it in full', () => {
  const about = {
    ...told,
    event: 'object.restored' as const,
    events: events.map((one) => ({ ...one, details: { version: 3 } })),
  }
  expect(noticeLetter(about).text).toContain('2 more before; on 2026-11-21 08:30 UTC from 192.168.1.9 version 3; on')
  expect(noticeLetter({ ...about, language: 'de' }).text).toContain(
    `davor schon 2-mal; am ${when(at, 'de')} von 192.168.1.9, Version 3; am`,
  )
})
