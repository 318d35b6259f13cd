import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { type FactorData, lookupKeyOf } from './factor-data.ts'
import { findFactor, insertFactor, listFactors, type Scope } from './store.ts'

const most: Record<Scope, number> = { MAIN: 10, SYNC: 25 }

/**
 * Register a factor in a backup that is there already. Its key may be in that backup once, in either list, and once in
 * its scope anywhere (factor-backup §5.1).
 *
 * @returns the factor's id
 * @throws factors.factor_already_exists, factors.too_many_factors
 */
export function insertNewFactor(
  ctx: Context,
  tx: Orm,
  { backupKey, scope, data }: { backupKey: string; scope: Scope; data: FactorData },
): string {
  const lookupKey = lookupKeyOf(data)
  const there = listFactors(tx, backupKey)
  if (findFactor(tx, scope, lookupKey) || there.some((factor) => factor.lookupKey === lookupKey))
    throw new Problem('factors.factor_already_exists')
  requireRoom(there, scope)
  const id = ctx.ids.randomUuid()
  insertFactor(tx, { id, backupKey, scope, lookupKey, data, createdAt: ctx.clock.now() })
  return id
}

/** @throws factors.too_many_factors */
export function requireRoom(there: Array<{ scope: Scope }>, scope: Scope): void {
  if (there.filter((factor) => factor.scope === scope).length >= most[scope])
    throw new Problem('factors.too_many_factors')
}
