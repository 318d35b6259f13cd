import { toBase64 } from '#client/encoding/base64.ts'
import { IdentityMismatch } from './errors.ts'
import type { Contact, IdentityBackup, IdentityKeyPair, ProfileReference } from './identity-backup.ts'

/**
 * One backup that has what either has. Commutative, associative and idempotent, so devices that merge in any order end
 * at the same backup:
 * - contacts: union by user id, sorted by it; of two entries the one updated later, of equal times the greater text;
 * - profile: the one updated later;
 * - an entry without `updatedAt` counts as of its backup's `createdAt`, and carries that from then on;
 * - `createdAt` and `deviceName`: those of the newer backup.
 *
 * There are no tombstones: a contact deleted on one device comes back while the other still has it.
 *
 * @throws IdentityMismatch when the key pairs differ
 */
export function mergeBackups(one: IdentityBackup, other: IdentityBackup): IdentityBackup {
  if (!isSameIdentity(one.identity, other.identity)) throw new IdentityMismatch()
  const contacts = new Map<string, Contact>()
  for (const backup of [one, other]) {
    for (const contact of backup.contacts) {
      const dated = { ...contact, updatedAt: contact.updatedAt ?? backup.createdAt }
      const known = contacts.get(contact.userId)
      contacts.set(contact.userId, known ? later(known, dated, contactKey) : dated)
    }
  }
  const { createdAt, deviceName } = later(headOf(one), headOf(other), (head) => head.deviceName ?? '')
  const profile = mergeProfiles(one, other)
  return {
    createdAt,
    deviceName,
    identity: one.identity,
    contacts: [...contacts.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
    profile,
  }
}

/** Whether two backups belong to the same person. */
export function isSameIdentity(one: IdentityKeyPair, other: IdentityKeyPair): boolean {
  const key = ({ publicKey, privateKey }: IdentityKeyPair) => `${toBase64(publicKey)} ${toBase64(privateKey)}`
  return key(one) === key(other)
}

function mergeProfiles(one: IdentityBackup, other: IdentityBackup): ProfileReference | undefined {
  const [first, second] = [one, other].flatMap(({ profile, createdAt }) =>
    profile ? [{ ...profile, updatedAt: profile.updatedAt ?? createdAt }] : [],
  )
  return first && second ? later(first, second, profileKey) : first
}

function headOf({ createdAt, deviceName }: IdentityBackup) {
  return { updatedAt: createdAt, createdAt, deviceName }
}

/** The later of two; equal times are settled by their content, so that the order of merging never matters. */
function later<T extends { updatedAt?: number }>(one: T, other: T, key: (value: T) => string): T {
  const [a, b] = [one.updatedAt ?? 0, other.updatedAt ?? 0]
  if (a !== b) return a > b ? one : other
  return key(one) >= key(other) ? one : other
}

function contactKey({ username, displayName }: Contact): string {
  return JSON.stringify([username, displayName ?? null])
}

function profileKey({ attachmentId, decryptionKey }: ProfileReference): string {
  return JSON.stringify([attachmentId, toBase64(decryptionKey)])
}
