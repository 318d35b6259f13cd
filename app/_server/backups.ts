import { headers } from 'next/headers'
import { type KeptBackup, readBackups } from '#server/home/read-backups.ts'
import { Problem } from '#server/kit/problem.ts'
import { deviceName } from '#server/people/device-name.ts'
import { type AccountProvider, accountProviders, startAccountSignIn } from '#server/surfaces/factors/account-sign-in.ts'
import { createByMember } from '#server/surfaces/factors/create-by-member.ts'
import { linkBackup, renameLink, unlinkBackup } from '#server/surfaces/factors/link-backup.ts'
import { Challenged } from '#server/surfaces/factors/wire.ts'
import { relyingPartyAt } from '#server/webauthn/relying-party.ts'
import { type HistoryRules, historyRules } from './history-rules.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'
import { passkeyAddress } from './passkey-address.ts'
import { readVisitor } from './session-cookie.ts'

export type { AccountProvider, KeptBackup }

export type BackupsShown = HistoryRules & {
  /** Whose list it is; a browser keeps backups apart by it. */
  accountId: string
  memberName: string
  /** How this browser is listed among a backup's devices. */
  deviceName: string | null
  backups: KeptBackup[]
  mostBytes: number
  /** The name that passkeys of backups are for on this page; null when they cannot work here. */
  rpId: string | null
  /** An address where they would work. */
  elsewhere: string | null
  /** Sign-in services whose accounts can open a backup. */
  providers: AccountProvider[]
}

export async function backupsOf(member: Member): Promise<BackupsShown> {
  const { ctx } = house()
  return {
    accountId: member.accountId,
    memberName: member.name,
    deviceName: deviceName((await readVisitor()).userAgent),
    backups: readBackups(ctx, member.accountId),
    mostBytes: ctx.settings.values.factorBackupMaxBytes,
    ...(await backupAddress()),
    providers: accountProviders(ctx),
    ...historyRules(ctx),
  }
}

/** The body of `/home/backups/create` becomes a backup of this person; answers as the wire does. */
export async function createBackupOf(member: Member, name: string, request: Request): Promise<Response> {
  const { address, userAgent } = await readVisitor()
  const owner = { ...member, name, device: deviceName(userAgent) }
  return createByMember(house().ctx, owner, { request, address })
}

/** Put a backup on the list by the sync key of this browser. @throws input.invalid, quota.exceeded, factors.* */
export async function linkBackupOf(member: Member, name: string, proof: unknown): Promise<void> {
  const read = Challenged.safeParse(proof)
  if (!read.success) throw new Problem('input.invalid')
  const owner = { ...member, name, device: deviceName((await readVisitor()).userAgent) }
  await linkBackup(house().ctx, owner, read.data)
}

/** @throws not_found */
export function renameBackupOf({ accountId }: Member, backupId: string, name: string): Promise<void> {
  return renameLink(house().ctx, accountId, backupId, name)
}

/** Off the list; the backup stays as it is. @throws not_found */
export function unlinkBackupOf({ accountId }: Member, backupId: string): Promise<void> {
  return unlinkBackup(house().ctx, accountId, backupId)
}

/**
 * Where to send the browser to sign in at a service; it comes back to `/backup-account`, under the address of the page
 * that asks.
 *
 * @throws input.invalid, server.failed when the service cannot be asked
 */
export async function startAccountSignInOf(
  kind: AccountProvider['kind'],
  { nonce, state }: { nonce: string; state: string },
): Promise<string> {
  const origin = (await headers()).get('origin') ?? ''
  const back = `${origin}/backup-account`
  return startAccountSignIn(house().ctx, kind, { nonce, state, back })
}

/** Passkeys of backups may have a relying party of their own, so they may work where those of accounts do not. */
async function backupAddress(): Promise<{ rpId: string | null; elsewhere: string | null }> {
  const { rpId, elsewhere } = await passkeyAddress()
  const host = (await headers()).get('host') ?? ''
  const { id, origins } = relyingPartyAt(house().ctx, host)
  const name = host.replace(/:\d+$/, '')
  const fits = id === name || name.endsWith(`.${id}`)
  return {
    rpId: fits && rpId !== null ? id : null,
    elsewhere: elsewhere ?? origins.find((one) => one.startsWith('https:')) ?? null,
  }
}
