import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { backupReminder } from '#server/notices/templates/backup-reminder.ts'
import { findPerson } from './keeper.ts'
import { updateAccount } from './store.ts'
import { tellPerson } from './tell-person.ts'
import type { WebActor } from './web-session.ts'

const day = 24 * 3_600_000

/** Whether somebody was reminded too lately to be reminded again. */
export function isNudgedToday(nudgedAt: number | null, now: number): boolean {
  return nudgedAt !== null && now - nudgedAt >= 0 && now - nudgedAt < day
}

/**
 * Ask somebody to look at their backups, once a day at most: on their first page until they have saved again
 * (`home/find-concerns.ts`), and by mail where this server sends mail and they have an address.
 *
 * @param devices  names of what has not saved for a while
 * @returns whether a mail goes out
 * @throws account.nudged_today, not_found, input.invalid for somebody who is shut out
 */
export async function nudgePerson(
  ctx: Context,
  keeper: WebActor,
  { personId, devices }: { personId: string; devices: string[] },
): Promise<{ byMail: boolean }> {
  const byMail = await ctx.db.write((tx) => {
    const person = findPerson(ctx, tx, keeper, personId)
    if (person.disabledAt !== null) throw new Problem('input.invalid')
    const now = ctx.clock.now()
    if (isNudgedToday(person.nudgedAt, now)) throw new Problem('account.nudged_today')
    updateAccount(tx, personId, { nudgedAt: now })
    recordEvent(ctx, tx, { event: 'account.nudged', accountId: personId, details: { by: keeper.accountId } })
    tellPerson(ctx, tx, personId, (about) => backupReminder({ ...about, devices }))
    return ctx.outbox.sends && person.email !== null
  })
  ctx.outbox.kick()
  return { byMail }
}
