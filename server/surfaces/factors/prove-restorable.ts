import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { ChallengeContext } from '#server/webauthn/challenge-tokens.ts'
import { exportFactor, type FactorData, type Identity, lookupKeyOf } from './factor-data.ts'
import { type Challenged, type Proven, proveBy } from './prove-factor.ts'
import { findFactor, listRemovedFactors, listRemovedMainFactors, readBackup, readManifestHash } from './store.ts'
import type { History } from './wire.ts'

const hour = 3_600_000
const day = 24 * hour

/**
 * Main factors that were removed this long before their backup was deleted count as removed with it: who deletes a
 * backup by a stolen device removes its factors one by one. One that was taken out earlier stays out.
 */
const removedTogether = day

/** Ours: which backup is meant, if the factor stands for more than one. */
type Which = { backupId?: string | null | undefined }

/** Removed before this (milliseconds) is gone for good; as long as history is kept. */
export function restorableSince({ clock, settings }: Pick<Context, 'clock' | 'settings'>): number {
  return clock.now() - settings.values.historyDays * day
}

/**
 * Prove a main factor of a backup that is there, or of one that was deleted within the grace period.
 *
 * @throws factors.backup_untraceable when it stands for none, and as `proveFactor`
 */
export function proveRestorable(ctx: Context, proof: Challenged & Which, expected: ChallengeContext): Promise<Proven> {
  return proveBy(ctx, proof, expected, (identity) => {
    const wanted = proof.backupId ?? null
    const found = listCandidates(ctx, identity).find(({ backup }) => wanted === null || backup.id === wanted)
    if (!found) throw new Problem('factors.backup_untraceable')
    return found
  })
}

/** What can be brought back by this main factor (README). @throws as `proveRestorable` */
export async function readHistory(ctx: Context, proof: Challenged & Which): Promise<History> {
  const proven = await proveRestorable(ctx, proof, { kind: 'HISTORY' })
  // The same key, not only the same name: anybody can register a passkey under another's credential id once it is free.
  const mine = listCandidates(ctx, proven.factor.data).filter(({ factor }) =>
    sameHolder(factor.data, proven.factor.data),
  )
  return { backups: mine.map(({ backup }) => describe(ctx, backup)) }
}

/** The live backup first, then deleted ones, the last deleted first. */
function listCandidates(ctx: Context, identity: Identity): Proven[] {
  const db = ctx.db.read
  const lookupKey = lookupKeyOf(identity)
  const live = findFactor(db, 'MAIN', lookupKey)
  const all = live ? [live, ...listRemovedMainFactors(db, lookupKey)] : listRemovedMainFactors(db, lookupKey)
  const since = restorableSince(ctx)
  const candidates: Proven[] = []
  for (const factor of all) {
    const backup = readBackup(db, factor.backupKey)
    if (!backup || candidates.some((one) => one.backup.key === backup.key)) continue
    const { deletedAt } = backup
    const usable =
      factor.removedAt === null
        ? deletedAt === null
        : deletedAt !== null && deletedAt >= since && factor.removedAt >= deletedAt - removedTogether
    if (usable) candidates.push({ backup, factor })
  }
  return candidates
}

function sameHolder(a: FactorData, b: FactorData): boolean {
  return a.kind === 'PASSKEY' && b.kind === 'PASSKEY' ? a.publicKey === b.publicKey : lookupKeyOf(a) === lookupKeyOf(b)
}

function describe(ctx: Context, backup: Proven['backup']): History['backups'][number] {
  const since = restorableSince(ctx)
  const seconds = (at: number | null) => (at === null ? null : Math.floor(at / 1000))
  const past = ctx.vault.history({ kind: 'factors', id: backup.key, accountId: backup.key })
  return {
    backupId: backup.id,
    deletedAt: seconds(backup.deletedAt),
    version: backup.version,
    manifestHash: backup.manifestHash,
    versions: past.map((row) => ({
      version: row.version,
      manifestHash: readManifestHash(ctx.db.read, backup.key, row.version) ?? '',
      size: row.size,
      createdAt: seconds(row.createdAt) ?? 0,
      supersededAt: seconds(row.supersededAt),
    })),
    removedFactors: listRemovedFactors(ctx.db.read, backup.key)
      .filter((factor) => (factor.removedAt ?? 0) >= since)
      .map((factor) => ({
        ...exportFactor(factor),
        scope: factor.scope,
        removedAt: seconds(factor.removedAt) ?? 0,
      })),
  }
}
