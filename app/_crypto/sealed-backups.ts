import { createBackup } from '#client/surfaces/factors/create-backup.ts'
import { ecFactor } from '#client/surfaces/factors/ec-factor.ts'
import { FactorError } from '#client/surfaces/factors/errors.ts'
import { FactorBackupClient } from '#client/surfaces/factors/factor-backup-client.ts'
import type { FileSource } from '#client/surfaces/factors/file-source.ts'
import { joinAsSyncDevice } from '#client/surfaces/factors/join-as-sync-device.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import {
  addMainFactor,
  proveFactor,
  readDeviceMetadata,
  removeFactor,
} from '#client/surfaces/factors/manage-factors.ts'
import { type OpenedBackup, openBackup } from '#client/surfaces/factors/open-backup.ts'
import { passkeyFactor } from '#client/surfaces/factors/passkey-factor.ts'
import { passphraseFactorKey } from '#client/surfaces/factors/passphrase-key.ts'
import { proveSyncFactor } from '#client/surfaces/factors/prove-to-server.ts'
import {
  type FirstRecoveryKey,
  type RecoveryKey,
  readRecoveryKey,
  recoveryFactorKey,
} from '#client/surfaces/factors/recovery-key.ts'
import { syncBackup } from '#client/surfaces/factors/sync-backup.ts'
import { seenIn } from '#client/surfaces/factors/sync-device.ts'
import type { BackupMetadata, Proof } from '#client/surfaces/factors/wire.ts'
import { Transport } from '#client/transport/transport.ts'
import type { OnProgress, Progress } from '#client/transport/upload-body.ts'
import { type KeptDevice, keep } from './kept-devices.ts'

/*
 * Sealed backups as the pages use them, on top of the client library: loaded by `import()` when somebody needs it, for
 * it brings the cryptography along.
 */

export { fileFromBlob, fileFromBytes } from '#client/surfaces/factors/file-source.ts'
export { deleteBackup } from '#client/surfaces/factors/manage-factors.ts'
export { createLaterRecoveryKey, createRecoveryKey, writeRecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
export { resetBackup } from '#client/surfaces/factors/reset-backup.ts'
export { readHistory, restoreBackup } from '#client/surfaces/factors/restore-backup.ts'
export { readDeviceMetadata, readRecoveryKey, removeFactor }

/** @param newName  for a backup that is to be made: what it is called on the list of who is signed in */
export function clientOfPage(newName = ''): FactorBackupClient {
  const createPath = `/home/backups/create?${new URLSearchParams({ name: newName })}`
  return new FactorBackupClient({ server: new Transport({ baseUrl: '', credentials: 'include' }), createPath })
}

/** A passkey that is there. @param only  credential ids, where it is known which would do */
export function passkeyWay(only: string[] = []): MainFactor {
  return passkeyFactor({ only })
}

/** A passkey that is to be made. The device shows it as the backup's, for people sign in by passkey as well. */
export function newPasskeyWay(given: { member: string; backup: string; label: string; beside?: string[] }): MainFactor {
  const { member, backup, label, beside } = given
  return passkeyFactor({ names: { name: `${backup} · ${member}`, displayName: backup }, label, beside })
}

export async function recoveryWay(key: RecoveryKey): Promise<MainFactor> {
  return ecFactor(await recoveryFactorKey(key), { label: 'recovery-key' })
}

/** @throws WeakPassword when a new one is too short */
export async function passphraseWay(passphrase: string, backupId: string, isNew = false): Promise<MainFactor> {
  return ecFactor(await passphraseFactorKey(passphrase, backupId, { isNew }), { label: 'passphrase' })
}

/** What was shown of a backup's way from the browser to the server and back. */
export type Step = 'encrypted' | 'sent' | 'fetched' | 'opened'
export type OnStep = (done: Step, progress?: Progress) => void

type NewBackup = {
  name: string
  owner: string
  files: FileSource[]
  factor: MainFactor
  /** Its account becomes the backup's; the key itself need not be one of the ways in. */
  recovery: FirstRecoveryKey
}

/**
 * Keep files as a new backup, fetch it back and open it. Only when `opened` is there may anybody call them safe.
 *
 * @throws FactorError, ServerError, NetworkError while nothing is stored; later troubles come back as `trouble`
 */
export async function createAndCheck(
  { name, owner, files, factor, recovery }: NewBackup,
  onStep: OnStep,
): Promise<{ device: KeptDevice; opened: OpenedBackup | null; trouble: unknown }> {
  const client = clientOfPage(name)
  const created = await createBackup(client, files, factor, {
    account: recovery.account,
    onProgress: (progress) => onStep('encrypted', progress),
  })
  const device = await keep({ ...created.device, owner, name, checked: null, proven: {} })
  onStep('sent')
  try {
    const checked = await openAndNote(factor, device, { onFetched: () => onStep('fetched') })
    onStep('opened')
    return { ...checked, trouble: null }
  } catch (trouble) {
    return { device, opened: null, trouble }
  }
}

type OpenOptions = { acceptOlder?: boolean; onFetched?: () => void }

/**
 * Fetch and open the backup of a device, and note which version it was and which way opened it.
 *
 * @throws FactorError `another-backup`, `rolled-back` and as `openBackup`
 */
export async function openAndNote(
  factor: MainFactor,
  device: KeptDevice,
  { acceptOlder = false, onFetched }: OpenOptions = {},
): Promise<{ device: KeptDevice; opened: OpenedBackup }> {
  const opened = await openElsewhere(factor, onFetched)
  const { manifest, metadata } = opened
  if (metadata.id !== device.backupId) throw new FactorError('another-backup')
  if (manifest.savedAt < device.seen.savedAt && !acceptOlder) throw new FactorError('rolled-back')
  const { manifestHash } = metadata
  const seen = seenIn(manifestHash, manifest)
  const checked = { manifestHash, at: Date.now() }
  const noted = await keep({ ...device, seen, checked, proven: withProof(device, metadata, factor) })
  return { device: noted, opened }
}

/** Open a backup that this browser does not keep. */
export function openElsewhere(factor: MainFactor, onFetched?: () => void): Promise<OpenedBackup> {
  const onProgress: OnProgress = ({ loaded, total }) => {
    if (loaded === total) onFetched?.()
  }
  return openBackup(clientOfPage(), factor, { onProgress })
}

/** This browser stores new versions from now on. Within 15 minutes of opening. */
export async function joinHere(
  opened: OpenedBackup,
  factor: MainFactor,
  { owner, name }: { owner: string; name: string },
): Promise<KeptDevice> {
  const device = await joinAsSyncDevice(clientOfPage(), opened)
  const checked = { manifestHash: opened.metadata.manifestHash, at: Date.now() }
  const joined = { ...device, owner, name, checked, proven: {} }
  return keep({ ...joined, proven: withProof(joined, opened.metadata, factor) })
}

/** Whether a way still opens the backup, without fetching it; noted when it does. */
export async function tryWay(factor: MainFactor, device: KeptDevice, { factors, keys }: BackupMetadata) {
  const { backupId, decrypts } = await proveFactor(clientOfPage(), factor, keys)
  if (backupId !== device.backupId) throw new FactorError('another-backup')
  const used = factors.find(({ kind }) => factor.isSame(kind))
  if (!decrypts || !used) return { device, usedId: used?.id ?? null, decrypts }
  const proven = { ...device.proven, [used.id]: Date.now() }
  return { device: await keep({ ...device, proven }), usedId: used.id, decrypts }
}

/**
 * Add a way to a backup that was opened in this page; with the keys as they are now, for another device may have added
 * one since.
 */
export async function addWay(
  device: KeptDevice,
  opened: OpenedBackup,
  ways: { existing: MainFactor; added: MainFactor },
): Promise<OpenedBackup> {
  const client = clientOfPage()
  const metadata = await readDeviceMetadata(client, device)
  return (await addMainFactor(client, { ...opened, metadata }, ways)).opened
}

/** @throws FactorError `moved-on` when another device was faster, unless its version is to be replaced */
export async function storeVersion(
  device: KeptDevice,
  files: FileSource[],
  { replace, onProgress }: { replace: boolean; onProgress: OnProgress },
): Promise<{ device: KeptDevice; replaced: boolean }> {
  const onConflict = replace ? 'replace' : 'fail'
  const synced = await syncBackup(clientOfPage(), device, files, { onConflict, onProgress })
  return { device: await keep({ ...device, ...synced.device }), replaced: synced.replaced }
}

/** Shows the server that this browser is one of the backup's devices, for `linkBackup`. */
export function proveDevice(device: KeptDevice): Promise<Proof> {
  return proveSyncFactor(clientOfPage(), device.signing, 'retrieve-metadata')
}

/** Wipe what can be wiped of an opened backup. */
export function close({ backupKey, files }: OpenedBackup): void {
  backupKey.fill(0)
  for (const bytes of files.values()) bytes.fill(0)
}

function withProof({ proven }: KeptDevice, { factors }: BackupMetadata, factor: MainFactor): KeptDevice['proven'] {
  const used = factors.find(({ kind }) => factor.isSame(kind))
  return used ? { ...proven, [used.id]: Date.now() } : proven
}

/** Take this browser off the backup's devices, if the server can be reached and still knows it. */
export async function leave(device: KeptDevice): Promise<void> {
  const client = clientOfPage()
  const { publicKey } = device.signing
  await readDeviceMetadata(client, device)
    .then(async ({ syncFactors }) => {
      const own = syncFactors.find(({ kind }) => kind.kind === 'EC_KEYPAIR' && kind.publicKey === publicKey)
      if (own) await removeFactor(client, device, own.id, { scope: 'SYNC' })
    })
    .catch(() => {})
}
