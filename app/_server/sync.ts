import { Problem } from '#server/kit/problem.ts'
import { requireProof } from '#server/people/require-proof.ts'
import { changeKey, type KeyChanges } from '#server/surfaces/oplog/change-key.ts'
import { deleteLog } from '#server/surfaces/oplog/delete-log.ts'
import { limitsOf } from '#server/surfaces/oplog/limits.ts'
import { makeLinkCode } from '#server/surfaces/oplog/link-code.ts'
import { fingerprint } from '#server/surfaces/oplog/public-key.ts'
import { listUsersOf } from '#server/surfaces/oplog/store.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'
import { requireTyped } from './read-input.ts'

export type { KeyChanges }

/** A key of the operation log and what is stored under it; sizes in bytes, times in milliseconds. */
export type SyncKey = {
  id: number
  /** First digits of the key's hash: all that people and logs may see of it. */
  fingerprint: string
  name: string | null
  operations: number
  bytes: number
  /** Devices that have written to it. */
  clients: number
  lastOperationAt: number | null
  createdAt: number
  frozen: boolean
  /** Whether only devices that prove they have the private key get in. */
  proofRequired: boolean
  limits: { bytes: number; operations: number }
  /** Set by its owner, rather than the server's. */
  ownLimits: { bytes: number | null; operations: number | null }
}

export function syncKeysOf({ accountId }: Member): { keys: SyncKey[]; now: number } {
  const { ctx } = house()
  const keys = listUsersOf(ctx.db.read, accountId).map((user) => ({
    id: user.id,
    fingerprint: fingerprint(user.userHash),
    name: user.name,
    operations: user.operations,
    bytes: user.bytes,
    clients: user.clients,
    lastOperationAt: user.lastOperationAt,
    createdAt: user.createdAt,
    frozen: user.frozenAt !== null,
    proofRequired: user.proofRequiredAt !== null,
    limits: limitsOf(ctx, user),
    ownLimits: { bytes: user.quotaBytes, operations: user.quotaOperations },
  }))
  return { keys, now: ctx.clock.now() }
}

/** A code for the app that has the key; `expiresAt` in milliseconds. */
export function makeLinkCodeOf(member: Member): Promise<{ code: string; expiresAt: number }> {
  return makeLinkCode(house().ctx, member)
}

/** @throws not_found for somebody else's as for none */
export async function changeKeyOf(member: Member, id: number, changes: KeyChanges): Promise<void> {
  await changeKey(house().ctx, member, id, changes)
}

/**
 * Delete a key with everything stored under it.
 *
 * @param typed  its name, or its fingerprint when it has none
 * @throws auth.proof_needed, not_found, input.invalid when something else was typed
 */
export async function deleteKeyOf(member: Member, id: number, typed: string): Promise<void> {
  const { ctx } = house()
  const key = syncKeysOf(member).keys.find((one) => one.id === id)
  if (!key) throw new Problem('not_found')
  requireTyped(typed, key.name ?? key.fingerprint)
  requireProof(ctx, member)
  await deleteLog(ctx, member, id, { keep: false })
}
