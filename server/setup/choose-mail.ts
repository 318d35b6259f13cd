import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { sendTestMail, type Tester, type TestMail } from '#server/notices/send-test-mail.ts'
import { answerStep, type Claimant } from './answer-step.ts'
import { requireClaim } from './claim.ts'

/** How a family's mail provider takes mail. */
export type MailServer = {
  host: string
  port: number
  /** `tls` from the first byte (465), `starttls` asked for before anything else (587), `none` for a relay in the house. */
  security: 'tls' | 'starttls' | 'none'
  /** Empty = no sign-in. */
  user: string
  password: string
  /** Whom mails come from. */
  from: string
}

/** Send mail by this server, or none at all. @throws as `answerStep` */
export function chooseMail(ctx: Context, claimant: Claimant, given: MailServer | null): Promise<void> {
  return answerStep(ctx, claimant, 'mail', {
    HEARTHKEEP_SMTP_URL: given && smtpUrl(given),
    HEARTHKEEP_MAIL_FROM: given?.from ?? null,
  })
}

/** Try it before it is kept. @throws setup.closed, setup.not_claimed, rate.limited */
export async function tryChosenMail(
  ctx: Context,
  { claim, address }: Claimant,
  given: MailServer,
  to: Tester,
): Promise<TestMail> {
  requireClaim(ctx.db.read, claim)
  ctx.rates.take({ name: 'test mail', perSecond: 0.2, burst: 5 }, address)
  return sendTestMail(ctx, to, { smtpUrl: smtpUrl(given), from: given.from })
}

/** @throws input.invalid for a host that is none */
function smtpUrl({ host, port, security, user, password }: MailServer): string {
  const name = host.trim()
  const text = `${security === 'tls' ? 'smtps' : 'smtp'}://${name.includes(':') ? `[${name}]` : name}`
  if (!/^[\w.:-]+$/.test(name) || !URL.canParse(text)) throw new Problem('input.invalid')
  const url = new URL(text)
  url.port = String(port)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  if (security === 'starttls') url.searchParams.set('requireTLS', 'true')
  if (security === 'none') url.searchParams.set('ignoreTLS', 'true')
  return url.href
}
