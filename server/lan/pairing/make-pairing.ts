import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import type { Reach } from '#server/lan/reach.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { tokenHash } from '#server/people/token-hash.ts'
import { newPairingCode, stretchPairingCode, vouchFor } from './pairing-code.ts'
import { dropPairings, insertPairing, readPairing } from './store.ts'

export const pairingMinutes = 10
/** Of an invitation that goes along; its code is on a screen for everybody in the room. */
export const invitationDays = 1

/** Enough for making one, so that the command line needs no whole server. */
export type PairingNeeds = Pick<Context, 'clock' | 'ids'> & { db: Pick<Context['db'], 'write'> }

export type MadePairing = {
  /** E.g. `7K2M-0QRS-9XYZ`; of which only what it proves is kept. */
  code: string
  /** Milliseconds. */
  expiresAt: number
}

/**
 * Make a code by which one device comes to trust this server. It signs nobody in. The maker's code before it is void.
 *
 * @param madeBy  account id; null = the keeper, from the command line
 * @param also  something more in the same transaction, e.g. an invitation that goes along
 */
export async function makePairing<T = undefined>(
  ctx: PairingNeeds,
  { ca, madeBy }: Pick<Reach, 'ca'> & { madeBy: string | null },
  also?: (tx: Orm) => T,
): Promise<MadePairing & { also: T | undefined }> {
  for (;;) {
    const code = newPairingCode(ctx)
    const { id, ticket, macKey } = await stretchPairingCode(code)
    const createdAt = ctx.clock.now()
    const expiresAt = createdAt + pairingMinutes * 60_000
    const made = await ctx.db.write((tx) => {
      dropPairings(tx, { madeBy, now: createdAt })
      // Somebody else's code of the same id is still good.
      if (readPairing(tx, id)) return null
      insertPairing(tx, {
        id,
        ticketHash: tokenHash(ticket),
        mac: vouchFor(ca, macKey),
        caFingerprint: ca?.fingerprint256 ?? null,
        madeBy,
        createdAt,
        expiresAt,
      })
      recordEvent(ctx, tx, { event: 'pairing.made', accountId: madeBy })
      return { code, expiresAt, also: also?.(tx) }
    })
    if (made) return made
  }
}
