import { expect, test } from 'vitest'
import type { AuditEvent } from '#server/notices/audit.ts'
import { mailedKinds } from '#server/notices/notice-kinds.ts'
import { noticeLetter } from './notice.ts'
import { passwordChanged } from './password-changed.ts'
import { passwordReset } from './password-reset.ts'

const server = 'https://home.example'
const link = `${server}/password/reset.html?email=a%40x&reset_code=${'0'.repeat(64)}`

test('a reset mail names the address, says to ignore it, and holds the link, in text and HTML', () => {
  const { subject, text, html } = passwordReset({ recipient: 'a@x', link, minutes: 60, server })
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
  const { html, text } = passwordReset({ recipient, link, minutes: 60, server })
  expect(html).not.toContain('<img')
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;@x')
  expect(text).toContain(recipient)
})

test('a mail loads nothing from anywhere', () => {
  const { html } = passwordReset({ recipient: 'a@x', link, minutes: 60, server })
  expect(html).not.toMatch(/src=|<script|<link|@import|url\(/)
})

test('a changed password is told with its time', () => {
  const { text } = passwordChanged({ recipient: 'a@x', at: Date.UTC(2026, 10, 21, 8, 30), server })
  expect(text).toContain('2026-11-21 08:30 UTC')
  expect(text).toContain('If it was NOT you')
})

test.each(mailedKinds)('what is mailed of %s has words of its own', (event) => {
  const at = Date.UTC(2026, 10, 21, 8, 30)
  const details = { from: 'Firefox on Windows', version: 3 }
  const events = Array.from({ length: 12 }, () => ({ at, address: '192.168.1.9', details }))
  const { subject, text } = noticeLetter({ recipient: 'a@x', event: event as AuditEvent['event'], events, server })
  expect(subject).not.toBe('News of Hearthkeep')
  expect(text).toContain('a@x')
  expect(text).toContain('2 more before; on 2026-11-21 08:30 UTC from 192.168.1.9 with Firefox on Windows version 3')
})
