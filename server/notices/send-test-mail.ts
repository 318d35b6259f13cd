import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import type { Language } from '#server/kit/language.ts'
import { MailFailure, smtpMailer } from './mail.ts'
import { testMail } from './templates/test-mail.ts'

/** Why it was not taken: the code of the connection, e.g. `EAUTH`, and the SMTP reply, e.g. 535. */
export type TestMail = { taken: true } | { taken: false; code: string; reply: number | null }

/** The address that is tried, and the language of whoever tries it. */
export type Tester = { recipient: string; language: Language }

/**
 * Hand one mail to the SMTP server and wait for its word; nothing is queued.
 *
 * @param mail  settings that may not be kept yet; those in use without
 */
export async function sendTestMail(
  ctx: Pick<Context, 'config' | 'ids' | 'address' | 'httpsAddress'>,
  { recipient, language }: Tester,
  mail = ctx.config.mail,
): Promise<TestMail> {
  if (!mail) return { taken: false, code: 'ENOTSET', reply: null }
  const mailer = smtpMailer(mail)
  try {
    const letter = testMail({ recipient, language, server: publicUrl(ctx) })
    await mailer.send(ctx.ids.uuid(), { recipient, ...letter })
    return { taken: true }
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    return { taken: false, code: error.code, reply: error.reply }
  } finally {
    mailer.close()
  }
}
