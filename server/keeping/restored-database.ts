import { eq, inArray } from 'drizzle-orm'
import { openDatabase } from '#db/client.ts'
import { outbox, settings } from '#db/schema/index.ts'
import { staysWithMachine } from '#server/config/belongings.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { forgetMove } from './move-state.ts'
import { forgetMoved } from './moved-objects.ts'
import { forgetUptime } from './seen-time.ts'

/**
 * Make a restored database fit for its new life: mail that was waiting then has been sent since; which objects of the
 * store may be swept is decided anew, for a bucket that has outlived its server holds newer ones that nobody knows; and what the keeper set for
 * the old machine (ports, paths, its store) is forgotten.
 *
 * @throws DatabaseTooNew
 */
export async function settleRestored(
  ctx: { clock: Clock; ids: Ids; migrationsFolder: string },
  path: string,
  snapshot: string,
): Promise<void> {
  const db = openDatabase({ path, migrationsFolder: ctx.migrationsFolder })
  try {
    await db.write((tx) => {
      tx.delete(outbox).run()
      tx.delete(settings).where(eq(settings.name, 'sweep')).run()
      forgetMove(tx)
      forgetMoved(tx)
      forgetUptime(tx)
      const kept = tx.select({ name: settings.name }).from(settings).all()
      const left = kept.map(({ name }) => name).filter(staysWithMachine)
      tx.delete(settings).where(inArray(settings.name, left)).run()
      recordEvent(ctx, tx, { event: 'server.restored', accountId: null, details: { snapshot } })
    })
  } finally {
    db.close()
  }
}
