import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import { MailFailure, smtpMailer } from './mail.ts'
import { testMail } from './templates/test-mail.ts'

/** Why it was not taken: the code of the connection, e.g. `EAUTH`, and the SMTP reply, e.g. 535. */
export type TestMail = { taken: true } | { taken: false; code: string; reply: number | null }

/**
 * Hand one mail to the SMTP server and wait for its word; nothing is queued.
 *
 * @param mail  settings that may not be kept yet; those in use without
 */
export async function sendTestMail(
  ctx: Pick<Context, 'config' | 'ids' | 'address' | 'httpsAddress'>,
  recipient: string,
  mail = ctx.config.mail,
): Promise<TestMail> {
  if (!mail) return { taken: false, code: 'ENOTSET', reply: null }
  const mailer = smtpMailer(mail)
  try {
    await mailer.send(ctx.ids.uuid(), { recipient, ...testMail({ server: publicUrl(ctx) }) })
    return { taken: true }
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    return { taken: false, code: error.code, reply: error.reply }
  } finally {
    mailer.close()
  }
}
