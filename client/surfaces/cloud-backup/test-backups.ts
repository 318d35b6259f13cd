import type { Contact, IdentityBackup } from './identity-backup.ts'

/** Key material of a person for tests: the same for the same number, different for different ones. */
export function identityOf(person: number) {
  const key = (fill: number, length: number) => new Uint8Array(length).fill(fill)
  return { publicKey: key(person, 33), privateKey: key(person + 100, 32) }
}

export function backupOf(contacts: Contact[], rest: Partial<IdentityBackup> = {}): IdentityBackup {
  return { createdAt: Date.parse('2026-11-01T00:00:00Z'), identity: identityOf(1), contacts, ...rest }
}

export const contact = (name: string, rest: Partial<Contact> = {}): Contact => ({
  userId: `id-${name}`,
  username: name,
  ...rest,
})

/** Derivation in no time: the real one is tested where it lives. */
export const cheapKdf = { memoryKiB: 8, iterations: 1, parallelism: 1 }
