import { ecFactor } from '#client/surfaces/factors/ec-factor.ts'
import { readDeviceMetadata } from '#client/surfaces/factors/manage-factors.ts'
import { recoveryFactorKey } from '#client/surfaces/factors/recovery-key.ts'
import { readHistory } from '#client/surfaces/factors/restore-backup.ts'
import type { Factor, PastVersion } from '#client/surfaces/factors/wire.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { type CommonOptions, openClient, readRecoveryFile } from './common-options.ts'
import { requireDevice } from './sync-backup.ts'

export type StatusOptions = CommonOptions & { backup?: string; recoveryKey?: string }

type Listed = { id: string; kind: string; createdAt: number; name: string; thisMachine?: boolean }

/**
 * `factors status`: who can open the backup, which devices sync it, and whether this machine has its newest version;
 * with the recovery key also the versions the server keeps.
 */
export async function showStatus(ctx: VerbContext, options: StatusOptions): Promise<Outcome> {
  const { client, server, stateFile } = openClient(ctx, options)
  const recovery = options.recoveryKey === undefined ? null : await readRecoveryFile(options.recoveryKey)
  const device = await requireDevice(stateFile, server, options.backup ?? recovery?.backupId)
  const { id: backupId, manifestHash, factors, syncFactors } = await readDeviceMetadata(client, device)
  const history =
    recovery && (await readHistory(client, ecFactor(await recoveryFactorKey(recovery)), recovery.backupId))
  const kept = history?.find((backup) => backup.deletedAt === null) ?? null

  const main = factors.map(listed)
  const { publicKey } = device.signing
  const sync = syncFactors.map((factor) => ({
    ...listed(factor),
    thisMachine: factor.kind.kind === 'EC_KEYPAIR' && factor.kind.publicKey === publicKey,
  }))
  const { savedAt } = device.seen
  const upToDate = device.seen.manifestHash === manifestHash
  const lines = [
    `${backupId} on ${server}`,
    `Last synced here: ${timeOf(savedAt)}${upToDate ? '' : '; another device has synced a newer version since'}`,
    ...section('Opens with', main),
    ...section('Synced by', sync),
    ...(kept === null ? [] : ['Versions:', `  ${kept.version}: current`, ...kept.versions.map(versionLine)]),
  ]
  const json = { server, backupId, manifestHash, lastSync: savedAt, upToDate, factors: main, syncFactors: sync }
  const versions = kept === null ? {} : { version: kept.version, earlierVersions: kept.versions }
  return { text: lines.join('\n'), json: { ...json, ...versions } }
}

function listed({ id, createdAt, kind }: Factor): Listed {
  return { id, kind: kind.kind, createdAt, name: nameOf(kind) }
}

/** Chosen on some other device. */
function nameOf(kind: Factor['kind']): string {
  if (kind.kind === 'PASSKEY') return kind.label
  return kind.kind === 'OIDC_ACCOUNT' ? kind.account.maskedEmail : ''
}

function section(title: string, factors: Listed[]): string[] {
  const words: { [kind: string]: string } = { PASSKEY: 'passkey', OIDC_ACCOUNT: 'account', EC_KEYPAIR: 'key pair' }
  const lines = factors.map(({ id, kind, createdAt, name, thisMachine }) => {
    const called = name === '' ? '' : ` “${forTerminal(name)}”`
    const since = `since ${timeOf(createdAt * 1000)}`
    return `  ${words[kind] ?? forTerminal(kind)}${called}, ${since}${thisMachine ? ', this machine' : ''}  ${forTerminal(id)}`
  })
  return [`${title}:`, ...(lines.length > 0 ? lines : ['  nothing'])]
}

function versionLine({ version, size, createdAt, supersededAt }: PastVersion): string {
  const until = supersededAt === null ? '' : ` until ${timeOf(supersededAt * 1000)}`
  return `  ${version}: ${timeOf(createdAt * 1000)}${until}, ${size} bytes`
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19)
}
