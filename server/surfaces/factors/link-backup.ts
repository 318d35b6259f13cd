import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type Entrant, requireStillIn } from '#server/people/still-in.ts'
import { type LinkedBackup, labelFactor, listLinkedBackups, putLink, removeLink } from './link-store.ts'
import { type Challenged, proveFactor } from './prove-factor.ts'
import { requireStillThere } from './require-still-there.ts'

/** Each may fill a quota of its own. */
const mostBackups = 20

/** Whose backup it is to be, what they call it, and what the device is called that they do it with. */
export type Owner = Entrant & { name: string; device: string | null }

/**
 * Put a backup on somebody's list, so that their pages can show it on every device. Only who holds a sync key can: an id
 * alone says nothing about whose a backup is. A backup may be on the lists of several people.
 *
 * @param proof  of a sync factor, to a challenge for reading metadata
 * @throws quota.exceeded for the 21st, auth.signed_out, and as `proveFactor`
 */
export async function linkBackup(ctx: Context, owner: Owner, proof: Challenged): Promise<void> {
  const proven = await proveFactor(ctx, proof, 'SYNC', { kind: 'RETRIEVEMETADATA' })
  await ctx.db.write((tx) => {
    requireStillIn(tx, owner)
    const { key } = requireStillThere(tx, proven)
    if (putOnList(ctx, tx, owner, key)) recordEvent(ctx, tx, { event: 'factors.linked', accountId: owner.accountId })
    labelFactor(tx, proven.factor.id, owner.device)
  })
}

/** @returns whether it is new there. @throws quota.exceeded */
export function putOnList(ctx: Context, tx: Orm, { accountId, name }: Owner, backupKey: string): boolean {
  const listed = listLinkedBackups(tx, accountId)
  const isNew = listed.every(({ backup }) => backup.key !== backupKey)
  if (isNew) requireRoomOn(listed)
  putLink(tx, { accountId, backupKey, name, createdAt: ctx.clock.now() })
  return isNew
}

/** @throws quota.exceeded */
export function requireRoomOn(listed: LinkedBackup[]): void {
  if (listed.filter(({ backup }) => backup.deletedAt === null).length >= mostBackups)
    throw new Problem('quota.exceeded')
}

/** Another name for a backup on somebody's list. @throws not_found */
export async function renameLink(ctx: Context, accountId: string, backupId: string, name: string): Promise<void> {
  await ctx.db.write((tx) => {
    const { backup } = requireListed(tx, accountId, backupId)
    putLink(tx, { accountId, backupKey: backup.key, name, createdAt: ctx.clock.now() })
  })
}

/** Take a backup off somebody's list; it stays as it is. @throws not_found */
export async function unlinkBackup(ctx: Context, accountId: string, backupId: string): Promise<void> {
  await ctx.db.write((tx) => {
    const { backup } = requireListed(tx, accountId, backupId)
    removeLink(tx, accountId, backup.key)
    recordEvent(ctx, tx, { event: 'factors.unlinked', accountId })
  })
}

/** The one that is there, else the one that was deleted last. */
function requireListed(tx: Orm, accountId: string, backupId: string): LinkedBackup {
  const found = listLinkedBackups(tx, accountId)
    .filter(({ backup }) => backup.id === backupId)
    .sort((a, b) => (b.backup.deletedAt ?? Infinity) - (a.backup.deletedAt ?? Infinity))[0]
  if (!found) throw new Problem('not_found')
  return found
}
