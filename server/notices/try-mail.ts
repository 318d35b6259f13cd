import type { Config } from '#server/config/env.ts'
import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { MailFailure, smtpMailer } from './mail.ts'
import { testMail } from './templates/test-mail.ts'

/**
 * Send one mail by settings that may not be kept yet, and wait for what becomes of it.
 *
 * @throws mail.refused with `code` (e.g. `EAUTH`) and, where there is one, `reply` (e.g. 535)
 */
export async function tryMail(ctx: Context, by: NonNullable<Config['mail']>, recipient: string): Promise<void> {
  const mailer = smtpMailer(by)
  try {
    await mailer.send(ctx.ids.uuid(), { recipient, ...testMail({ at: ctx.clock.now(), server: publicUrl(ctx) }) })
  } catch (cause) {
    if (!(cause instanceof MailFailure)) throw cause
    const { code, reply } = cause
    throw new Problem('mail.refused', { facts: { code, ...(reply === null ? {} : { reply }) }, cause })
  } finally {
    mailer.close()
  }
}
