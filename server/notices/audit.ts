import { and, count, eq, gt } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { auditEvents } from '#db/schema/index.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { addNotices } from './add-notices.ts'

export type AuditEvent = {
  event:
    | 'account.created'
    | 'account.imported'
    | 'account.password_changed'
    | 'account.name_changed'
    | 'account.exported'
    | 'account.leaving'
    | 'account.kept'
    | 'account.deleted'
    | 'account.disabled'
    | 'account.enabled'
    | 'account.role_changed'
    | 'account.quota_changed'
    | 'account.nudged'
    | 'invitation.made'
    | 'invitation.used'
    | 'invitation.revoked'
    | 'invitation.refused'
    | 'reset.requested'
    | 'reset.mailed'
    | 'reset.link_issued'
    | 'reset.refused'
    | 'session.opened'
    | 'session.refused'
    | 'session.replayed'
    | 'session.locked'
    | 'session.lifted'
    | 'session.closed'
    | 'session.revoked'
    | 'session.revoked_others'
    | 'session.ended_by_keeper'
    | 'session.proven'
    | 'passkey.added'
    | 'passkey.renamed'
    | 'passkey.removed'
    | 'recovery.codes_made'
    | 'recovery.code_used'
    | 'device.added'
    | 'device.removed'
    | 'device.keys_replaced'
    | 'otp.pin_refused'
    | 'otp.device_locked'
    | 'otp.device_added'
    | 'otp.device_removed'
    | 'otp.device_password_changed'
    | 'otp.removed'
    | 'object.quarantined'
    | 'object.healed'
    | 'object.restored'
    | 'server.claimed'
    | 'server.keeper_made'
    | 'server.set_up'
    | 'server.restored'
    | 'server.settings_changed'
    | 'server.authority_replaced'
    | 'snapshot.kit_made'
    | 'snapshot.failed'
    | 'snapshot.recovered'
    | 'snapshot.drill_failed'
    | 'pairing.made'
    | 'pairing.used'
    | 'pairing.refused'
    | 'storage.move_begun'
    | 'storage.move_paused'
    | 'storage.move_cancelled'
    | 'storage.switched'
    | 'storage.moved'
    | 'storage.copies_removed'
    | 'persona.deleted'
    | 'log.created'
    | 'log.linked'
    | 'log.changed'
    | 'log.deleted'
    | 'log.proof_required'
    | 'log.proof_lifted'
    | 'mail.dropped'
    | 'store.unreachable'
    | 'store.reachable'
    | 'disk.nearly_full'
    | 'disk.roomy'
    | 'factors.created'
    | 'factors.linked'
    | 'factors.unlinked'
    | 'factors.factor_added'
    | 'factors.factor_removed'
    | 'factors.deleted'
    | 'factors.reset'
    | 'factors.restored'
  accountId: string | null
  address?: string | null
  /** Small and never a secret. */
  details?: Record<string, string | number | null>
}

/** Write down what happened to whom, and for whom it is news, in the transaction that made it happen. */
export function recordEvent(ctx: { clock: Clock; ids: Ids }, tx: Orm, event: AuditEvent): void {
  const at = ctx.clock.now()
  tx.insert(auditEvents)
    .values({
      id: ctx.ids.uuid(),
      at,
      accountId: event.accountId,
      event: event.event,
      address: event.address ?? null,
      details: event.details ? JSON.stringify(event.details) : null,
    })
    .run()
  addNotices(ctx, tx, { ...event, at })
}

/** How often something happened to somebody. @param since  milliseconds, exclusive */
export function countEvents(
  db: Orm,
  { event, accountId, since }: { event: AuditEvent['event']; accountId: string; since: number },
): number {
  const found = db
    .select({ n: count() })
    .from(auditEvents)
    .where(and(eq(auditEvents.accountId, accountId), gt(auditEvents.at, since), eq(auditEvents.event, event)))
    .get()
  return found?.n ?? 0
}
