import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { KeepingNeeds } from './needs.ts'
import { newRecoveryKey, type Recipient, saveRecipient } from './recovery-key.ts'

type Actor = { accountId: string; address: string }

/** What is printed, once. */
export type Kit = { key: string; keyId: string }

type Pending = { recipient: Recipient; lastGroup: string; accountId: string; madeAt: number }

const validMilliseconds = 3_600_000

/**
 * Recovery kits made on a page. A new key counts only when somebody has typed its end off the paper: snapshots for a key
 * that nobody wrote down open for nobody.
 */
export class KitMaker {
  readonly #ctx: KeepingNeeds
  /** The last one made; its key is not kept. */
  #pending: Pending | null = null

  constructor(ctx: KeepingNeeds) {
    this.#ctx = ctx
  }

  make({ accountId }: Actor): Kit {
    const { key, recipient } = newRecoveryKey(this.#ctx)
    const lastGroup = key.slice(-4)
    this.#pending = { recipient, lastGroup, accountId, madeAt: this.#ctx.clock.now() }
    return { key, keyId: recipient.id }
  }

  /**
   * Go by the new key from now on; the next snapshot begins a folder of its own for it.
   *
   * @param typed  the last group of the key
   * @throws input.invalid for another, not_found when there is none to confirm (any more)
   */
  async confirm(actor: Actor, typed: string): Promise<void> {
    const { config, db, clock } = this.#ctx
    const pending = this.#pending
    if (!pending || pending.accountId !== actor.accountId || clock.now() - pending.madeAt > validMilliseconds)
      throw new Problem('not_found')
    const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1').slice(-4)
    if (!sameSecret(plain, pending.lastGroup)) throw new Problem('input.invalid')
    await saveRecipient(config.dataFolder, pending.recipient)
    this.#pending = null
    const details = { key: pending.recipient.id }
    await db.write((tx) => recordEvent(this.#ctx, tx, { event: 'snapshot.kit_made', ...actor, details }))
  }
}
