import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { type Reach, readReach } from '#server/lan/reach.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { tokenHash } from '#server/people/token-hash.ts'
import { countPairingTry, type PairingRow, readPairing, spendPairing } from './store.ts'

/** After so many wrong tickets a code is dead, whatever comes after them. */
const mostTries = 5

export type Redeemed = {
  reach: Reach
  /** What vouches for `reach.ca` to whoever knows the code. */
  mac: string
}

/** The reach of a running server. @throws pairing.off while there is no encrypted way in */
export function reachOf(ctx: Context): Reach {
  const { leaf = null, ca = null } = ctx.certificates?.current ?? {}
  const { publicUrl } = ctx.config
  const reach = readReach({ publicUrl, httpsAddress: ctx.httpsAddress, httpAddress: ctx.address, leaf, ca })
  if (!reach) throw new Problem('pairing.off')
  return reach
}

/**
 * Use a code up. What the device gets is no secret; that it can be trusted is what the code is for.
 *
 * @throws pairing.refused for a code that was never made, was used, has run out, is dead or for another CA, alike;
 *   pairing.off; rate.limited after too many of them from one address
 */
export function redeemPairing(ctx: Context, given: { id: string; ticket: string }, address: string): Promise<Redeemed> {
  return ctx.guesses.guard('pairing', address, async () => {
    const reach = reachOf(ctx)
    const mac = await ctx.db.write((tx) => tryTicket(ctx, tx, given, { address, reach }))
    ctx.metrics.event(mac === null ? 'pairing.refused' : 'pairing.used')
    if (mac === null) throw new Problem('pairing.refused')
    return { reach, mac }
  })
}

type Trier = { address: string; reach: Reach }

/** Throws nothing: a wrong try has to be written down. @returns null when it is refused */
function tryTicket(
  ctx: Context,
  tx: Orm,
  { id, ticket }: { id: string; ticket: string },
  { address, reach }: Trier,
): string | null {
  const row = readPairing(tx, id)
  const now = ctx.clock.now()
  if (!row || !isGood(row, now) || row.caFingerprint !== (reach.ca?.fingerprint256 ?? null)) return null
  if (!sameSecret(tokenHash(ticket), row.ticketHash)) {
    countPairingTry(tx, id)
    recordEvent(ctx, tx, { event: 'pairing.refused', accountId: row.madeBy, address })
    return null
  }
  if (!spendPairing(tx, id, now)) return null
  recordEvent(ctx, tx, { event: 'pairing.used', accountId: row.madeBy, address })
  return row.mac
}

function isGood({ usedAt, expiresAt, tries }: PairingRow, now: number): boolean {
  return usedAt === null && expiresAt > now && tries < mostTries
}
