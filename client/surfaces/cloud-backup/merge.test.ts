import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isIdentityMismatch } from './errors.ts'
import type { IdentityBackup } from './identity-backup.ts'
import { mergeBackups } from './merge.ts'
import { backupOf, contact, identityOf } from './test-backups.ts'

const names = fc.constantFrom('ann', 'bob', 'cid')
const when = fc.integer({ min: 1, max: 4 })
const someBackup: fc.Arbitrary<IdentityBackup> = fc
  .record(
    {
      createdAt: when,
      deviceName: names,
      contacts: fc.uniqueArray(
        fc.record(
          { userId: names, username: names, displayName: names, updatedAt: when },
          { requiredKeys: ['userId', 'username'] },
        ),
        { selector: ({ userId }) => userId },
      ),
      profile: fc.record(
        {
          attachmentId: names,
          decryptionKey: fc.constantFrom(new Uint8Array(16), new Uint8Array(16).fill(1)),
          updatedAt: when,
        },
        { requiredKeys: ['attachmentId', 'decryptionKey'] },
      ),
    },
    { requiredKeys: ['createdAt', 'contacts'] },
  )
  .map((fields) => ({ ...fields, identity: identityOf(1) }))

test('ends at the same backup in whatever order devices merge, however often', () => {
  fc.assert(
    fc.property(someBackup, someBackup, someBackup, (a, b, c) => {
      const ab = mergeBackups(a, b)
      expect(mergeBackups(b, a)).toEqual(ab)
      expect(mergeBackups(ab, c)).toEqual(mergeBackups(a, mergeBackups(b, c)))
      expect(mergeBackups(ab, b)).toEqual(ab)
    }),
    { numRuns: 500 },
  )
})

test('keeps every contact of both, sorted by user id', () => {
  const merged = mergeBackups(backupOf([contact('zoe'), contact('ann')]), backupOf([contact('bob')]))
  expect(merged.contacts.map(({ username }) => username)).toEqual(['ann', 'bob', 'zoe'])
})

test('lets the newer entry and the newer profile win', () => {
  const profile = (attachmentId: string, updatedAt?: number) => ({
    attachmentId,
    decryptionKey: new Uint8Array(32),
    updatedAt,
  })
  const older = backupOf([contact('bob', { displayName: 'Old', updatedAt: 10 })], { profile: profile('old', 5) })
  const newer = backupOf([contact('bob', { displayName: 'New', updatedAt: 20 })], { profile: profile('new', 6) })
  expect(mergeBackups(newer, older).contacts[0]?.displayName).toBe('New')
  expect(mergeBackups(newer, older).profile?.attachmentId).toBe('new')
})

test('counts an entry without a time as old as the backup it was in', () => {
  const monday = backupOf([contact('bob', { displayName: 'Robert' })], { createdAt: 1_000, deviceName: 'phone' })
  const friday = backupOf([contact('bob', { displayName: 'Bob' })], { createdAt: 5_000, deviceName: 'tablet' })
  const merged = mergeBackups(friday, monday)
  expect(merged.contacts).toEqual([contact('bob', { displayName: 'Bob', updatedAt: 5_000 })])
  expect([merged.createdAt, merged.deviceName]).toEqual([5_000, 'tablet'])
})

test('refuses to merge two identities, even when only the private keys differ', () => {
  const other = { ...identityOf(1), privateKey: identityOf(2).privateKey }
  for (const identity of [identityOf(2), other]) {
    try {
      mergeBackups(backupOf([]), backupOf([], { identity }))
      expect.unreachable('merged')
    } catch (error) {
      expect(isIdentityMismatch(error)).toBe(true)
    }
  }
})
