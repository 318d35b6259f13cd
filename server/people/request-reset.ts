import type { Orm } from '#db/client.ts'
import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import type { Language } from '#server/kit/language.ts'
import { countEvents, recordEvent } from '#server/notices/audit.ts'
import { passwordReset } from '#server/notices/templates/password-reset.ts'
import { normalName } from './names.ts'
import { issueResetCode, resetCodeMadeAt, resetLink, resetMinutes } from './reset-codes.ts'
import { type AccountRow, readAccountByName } from './store.ts'

const minute = 60_000
const quietMilliseconds = 5 * minute
const mostMails = 10
const mailWindow = 15 * minute

type Asking = {
  address: string
  /** Also nothing while a live code is younger than five minutes (for GET, which links can trigger). */
  onlyIfQuiet: boolean
  /** What whoever asks reads, for people of whom it is not known. */
  language?: Language | null
}

/**
 * Mail a person a link by which to set a new password. Says nothing and takes the same time whoever asks for whomever;
 * the mail is queued in the same transaction as the code and goes out afterwards (design §6).
 *
 * Nothing is sent to nobody, to a disabled account, to one without an address, more than ten times in a quarter of an
 * hour, or when this server sends no mail at all: a code that nobody receives would only replace the keeper's link.
 */
export async function requestReset(
  ctx: Context,
  name: string,
  { address, onlyIfQuiet, language = null }: Asking,
): Promise<void> {
  const account = readAccountByName(ctx.db.read, normalName(name))
  await ctx.db.write((tx) => {
    const recipient = recipientOf(ctx, tx, account, onlyIfQuiet)
    // Written either way, so that the answer takes a commit either way.
    recordEvent(ctx, tx, {
      event: recipient ? 'reset.mailed' : 'reset.requested',
      accountId: account?.id ?? null,
      address,
    })
    if (!account || !recipient) return
    const server = publicUrl(ctx)
    const link = resetLink(server, recipient, issueResetCode(ctx, tx, account.id))
    const about = { recipient, language: account.language ?? language, server }
    const mail = passwordReset({ ...about, link, minutes: resetMinutes })
    ctx.outbox.queue(tx, { recipient, ...mail }, resetMinutes * minute)
  })
  ctx.outbox.kick()
}

/** Where the mail goes; null when none may be sent. */
function recipientOf(ctx: Context, tx: Orm, account: AccountRow | undefined, onlyIfQuiet: boolean): string | null {
  const now = ctx.clock.now()
  const accountId = account?.id ?? ''
  const madeAt = resetCodeMadeAt(tx, accountId, now)
  const mailed = countEvents(tx, { event: 'reset.mailed', accountId, since: now - mailWindow })
  if (!account?.email || account.disabledAt !== null || !ctx.outbox.sends || mailed >= mostMails) return null
  if (onlyIfQuiet && madeAt !== null && madeAt > now - quietMilliseconds) return null
  return account.email
}
