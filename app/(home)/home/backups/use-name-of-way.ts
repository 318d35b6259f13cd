import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { BackupMetadata, Factor } from '#client/surfaces/factors/wire.ts'
import { wayOf } from './ways.ts'

/** What a person calls a way into a backup. */
export function useNameOfWay(): (factor: Pick<Factor, 'kind'>, metadata: Pick<BackupMetadata, 'keys'>) => string {
  const words = useWords(backups)
  return (factor, metadata) => {
    const { kind } = factor
    if (kind.kind === 'PASSKEY') return kind.label ? `${words.way.passkey} · ${kind.label}` : words.ways.nameless
    if (kind.kind === 'OIDC_ACCOUNT') return words.way.account(kind.account.maskedEmail || kind.account.kind)
    const way = wayOf(factor, metadata)
    return way === 'recovery-key' || way === 'passphrase' ? words.way[way] : words.way.keyPair
  }
}
