import type { Padding } from '#client/crypto/padding.ts'
import { isNetworkError } from '#client/transport/errors.ts'
import { pause } from '#client/transport/retry-policy.ts'
import { isFactorError } from './errors.ts'
import type { FactorBackupClient, TransferOptions } from './factor-backup-client.ts'
import type { FileSource } from './file-source.ts'
import { readDeviceMetadata } from './manage-factors.ts'
import type { Manifest } from './manifest.ts'
import { proveSyncFactor } from './prove-to-server.ts'
import { sealFiles } from './seal-files.ts'
import { type SyncDevice, seenIn } from './sync-device.ts'

const maxRetries = 5

export type SyncOptions = TransferOptions & {
  /** What to do when another device synced meanwhile: `fail` (unless said otherwise), or `replace` its version. */
  onConflict?: 'fail' | 'replace'
  padding?: Padding
  /** Waits between tries; tests replace it. */
  pause?: typeof pause
}

export type Synced = {
  /** To be kept in the place of the one given. */
  device: SyncDevice
  manifest: Manifest
  /** Whether another device's version was replaced; it stays in the server's history. */
  replaced: boolean
}

/**
 * Encrypt files and store them as the next version. While another device writes (423) it waits; after a lost answer it
 * asks what the server has, and tries again if that is not this version.
 *
 * @throws FactorError `moved-on` when another device was faster, `busy` after five waits, `factor-unknown` when this
 *   device was removed, `too-large`, `source-changed`; ServerError, NetworkError
 */
export async function syncBackup(
  client: FactorBackupClient,
  device: SyncDevice,
  sources: FileSource[],
  options: SyncOptions = {},
): Promise<Synced> {
  const { backupId, backupKey, signing, seen } = device
  const sealed = await sealFiles(backupId, sources, backupKey, { after: seen.savedAt, padding: options.padding })
  const { manifest, manifestHash } = sealed
  const wait = options.pause ?? pause
  let current = seen.manifestHash
  const done = () => {
    const replaced = current !== seen.manifestHash
    return { device: { ...device, seen: seenIn(manifestHash, manifest) }, manifest, replaced }
  }
  for (let attempt = 0; ; attempt += 1) {
    try {
      const proof = await proveSyncFactor(client, signing, 'sync')
      await client.sync({ ...proof, currentManifestHash: current, newManifestHash: manifestHash }, sealed.body, options)
      return done()
    } catch (error) {
      if (sealed.fault() !== undefined) throw sealed.fault()
      const movedOn = isFactorError(error, 'moved-on')
      if (!movedOn && !isFactorError(error, 'busy') && !isNetworkError(error)) throw error
      if (attempt >= maxRetries) throw error
      if (!movedOn) await wait(Math.random() * 250 * 2 ** attempt, options.signal)
      if (isFactorError(error, 'busy')) continue
      const stored = await readDeviceMetadata(client, device)
      // Manifests are salted: an equal hash is no coincidence but the upload whose answer was lost.
      if (stored.manifestHash === manifestHash) return done()
      if (movedOn && options.onConflict !== 'replace') throw error
      if (movedOn) current = stored.manifestHash
    }
  }
}
