import { checkWire } from './check-wire.ts'
import { MalformedBackup } from './errors.ts'
import { readIdentityBackup, writeIdentityBackup } from './generated/backup.js'
import { checkIdentityBackup, formatVersion, type IdentityBackup } from './identity-backup.ts'
import { Utf8Reader, Utf8Writer } from './utf8-pbf.ts'

/**
 * The protobuf form (backup.proto), ready to be sealed.
 *
 * @throws MalformedBackup
 */
export function encodeBackup(backup: IdentityBackup): Uint8Array<ArrayBuffer> {
  checkIdentityBackup(backup)
  const writer = new Utf8Writer()
  const { profile } = backup
  const message = {
    format_version: formatVersion,
    created_at: backup.createdAt,
    device_name: backup.deviceName ?? '',
    identity: { public_key: backup.identity.publicKey, private_key: backup.identity.privateKey },
    contacts: backup.contacts.map((contact) => ({
      user_id: contact.userId,
      username: contact.username,
      display_name: contact.displayName ?? '',
      updated_at: contact.updatedAt ?? 0,
    })),
    profile: profile && {
      attachment_id: profile.attachmentId,
      decryption_key: profile.decryptionKey,
      updated_at: profile.updatedAt ?? 0,
    },
  }
  writeIdentityBackup(message, writer)
  return new Uint8Array(writer.finish())
}

/**
 * Read what `encodeBackup` wrote, here or on another device.
 *
 * @throws MalformedBackup, also for anything a newer program added (see check-wire.ts)
 */
export function decodeBackup(bytes: Uint8Array): IdentityBackup {
  checkWire(bytes)
  const message = readIdentityBackup(new Utf8Reader(bytes))
  if (message.format_version !== formatVersion) {
    throw new MalformedBackup(`The backup has format version ${message.format_version}; update this program`)
  }
  const { identity, profile } = message
  const backup: IdentityBackup = {
    createdAt: message.created_at,
    deviceName: message.device_name || undefined,
    identity: { publicKey: own(identity?.public_key), privateKey: own(identity?.private_key) },
    contacts: message.contacts.map((contact) => ({
      userId: contact.user_id,
      username: contact.username,
      displayName: contact.display_name || undefined,
      updatedAt: contact.updated_at || undefined,
    })),
    profile: profile && {
      attachmentId: profile.attachment_id,
      decryptionKey: own(profile.decryption_key),
      updatedAt: profile.updated_at || undefined,
    },
  }
  checkIdentityBackup(backup)
  return backup
}

/** A copy, so that a small key does not keep the whole decrypted backup in memory; empty when the field is absent. */
function own(bytes: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes ?? [])
}
