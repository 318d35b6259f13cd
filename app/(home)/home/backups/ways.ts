import type { BackupMetadata } from '#client/surfaces/factors/wire.ts'
import { findWrap, type Wrap } from '#client/surfaces/factors/wrapped-key.ts'

/** The ways into a backup, as people know them. */
export type Way = 'passkey' | 'recovery-key' | 'passphrase' | AccountKind

/** An account at a sign-in service, by what the contract calls it. */
export type AccountKind = 'GOOGLE' | 'APPLE'

export const ownWays: Way[] = ['passkey', 'recovery-key', 'passphrase']

export function isAccount(way: Way): way is AccountKind {
  return way === 'GOOGLE' || way === 'APPLE'
}

type Factor = BackupMetadata['factors'][number]

/** What kind of way a main factor is; some programs do not say what their key pairs are made of. */
export function wayOf({ kind }: Pick<Factor, 'kind'>, metadata: Pick<BackupMetadata, 'keys'>): Way | 'key-pair' {
  if (kind.kind === 'PASSKEY') return 'passkey'
  if (kind.kind === 'OIDC_ACCOUNT') return kind.account.kind
  const wrap = wrapOf({ kind }, metadata)
  const label = wrap && 'label' in wrap ? wrap.label : undefined
  return label === 'recovery-key' || label === 'passphrase' ? label : 'key-pair'
}

/** Whether the key of the backup was encrypted for it; an account's secret has an id of its own, so nobody can tell. */
export function canDecrypt(factor: Pick<Factor, 'kind'>, metadata: Pick<BackupMetadata, 'keys'>): boolean {
  return factor.kind.kind === 'OIDC_ACCOUNT' || wrapOf(factor, metadata) !== null
}

/** The ways to offer for opening a backup of which this is known. @param all  that work on this server */
export function offeredWays({ factors, ...metadata }: Pick<BackupMetadata, 'factors' | 'keys'>, all: Way[]): Way[] {
  const there = new Set(factors.map((factor) => wayOf(factor, metadata)))
  const isKeyPair = (way: Way) => way === 'recovery-key' || way === 'passphrase'
  return all.filter((way) => there.has(way) || (isKeyPair(way) && there.has('key-pair')))
}

/** Base64url. */
export function credentialIds({ factors }: Pick<BackupMetadata, 'factors'>): string[] {
  return factors.flatMap(({ kind }) => (kind.kind === 'PASSKEY' ? [kind.credentialId] : []))
}

function wrapOf({ kind }: Pick<Factor, 'kind'>, { keys }: Pick<BackupMetadata, 'keys'>): Wrap | null {
  const textOf = (wanted: string) => keys.find((key) => key.kind === wanted)?.encryptedKey ?? ''
  if (kind.kind === 'PASSKEY') return findWrap(textOf('PRF'), 'prf', kind.credentialId)
  return kind.kind === 'EC_KEYPAIR' ? findWrap(textOf('ICLOUD'), 'ec', kind.publicKey) : null
}
