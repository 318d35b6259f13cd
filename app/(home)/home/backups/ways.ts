import type { BackupMetadata } from '#client/surfaces/factors/wire.ts'
import { findWrap, type Wrap } from '#client/surfaces/factors/wrapped-key.ts'

/** The ways into a backup, as people know them. */
export type Way = 'passkey' | 'recovery-key' | 'passphrase'

export const everyWay: Way[] = ['passkey', 'recovery-key', 'passphrase']

type Factor = BackupMetadata['factors'][number]

/** What kind of way a main factor is; null for those this page has no words for. */
export function wayOf(
  { kind }: Pick<Factor, 'kind'>,
  metadata: Pick<BackupMetadata, 'keys'>,
): Way | 'key-pair' | 'account' {
  if (kind.kind === 'PASSKEY') return 'passkey'
  if (kind.kind === 'OIDC_ACCOUNT') return 'account'
  const wrap = wrapOf({ kind }, metadata)
  const label = wrap && 'label' in wrap ? wrap.label : undefined
  return label === 'recovery-key' || label === 'passphrase' ? label : 'key-pair'
}

/** Whether the key of the backup was encrypted for it; an account's secret has an id of its own, so nobody can tell. */
export function canDecrypt(factor: Pick<Factor, 'kind'>, metadata: Pick<BackupMetadata, 'keys'>): boolean {
  return factor.kind.kind === 'OIDC_ACCOUNT' || wrapOf(factor, metadata) !== null
}

/** The ways to offer for opening a backup of which this is known. */
export function offeredWays({ factors, ...metadata }: Pick<BackupMetadata, 'factors' | 'keys'>): Way[] {
  const there = new Set(factors.map((factor) => wayOf(factor, metadata)))
  return everyWay.filter((way) => there.has(way) || (way !== 'passkey' && there.has('key-pair')))
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
