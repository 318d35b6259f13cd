import { expect, test } from 'vitest'
import { deriveKey } from '#client/crypto/kdf.ts'
import { createBackupAccount } from './backup-account.ts'
import { createBackupKey } from './backup-key.ts'
import { ecFactor } from './ec-factor.ts'
import { passphraseFactorKey } from './passphrase-key.ts'
import { createLaterRecoveryKey, readRecoveryKey, writeRecoveryKey } from './recovery-key.ts'

const { id: backupId } = createBackupAccount()
const words = 'correct horse battery staple'
/** As in the format but for its cost. */
const derive: typeof deriveKey = (password, salt) =>
  deriveKey(password, salt, { memoryKiB: 64, iterations: 1, parallelism: 1 })

test('a passphrase is the same key pair on every device, however it is typed, and another for another backup', async () => {
  const one = await passphraseFactorKey(`${words} für`, backupId, { derive })
  const same = await passphraseFactorKey(`${words} fu\u0308r`, backupId, { derive })
  const other = await passphraseFactorKey(`${words} für`, createBackupAccount().id, { derive })
  expect(same.signing.publicKey).toBe(one.signing.publicKey)
  expect(other.signing.publicKey).not.toBe(one.signing.publicKey)
  expect([one.signing.privateKey.extractable, one.agreement.extractable]).toEqual([false, false])
})

test('what one wraps the same passphrase opens, and another one does not', async () => {
  const factorOf = async (text: string) =>
    ecFactor(await passphraseFactorKey(text, backupId, { derive }), { label: 'passphrase' })
  const key = createBackupKey()
  const keys = [await (await factorOf(words)).wrap(key, backupId, [])]
  expect(await (await factorOf(words)).unwrap(keys, backupId)).toEqual(key)
  expect(await (await factorOf(`${words}!`)).unwrap(keys, backupId)).toBeNull()
  expect(keys[0]?.encryptedKey).toContain('"label":"passphrase"')
})

test('a short one is refused when it is new, and only then', async () => {
  await expect(passphraseFactorKey('twelve chars', backupId, { derive, isNew: true })).rejects.toThrow('longer than 12')
  await expect(passphraseFactorKey('twelve chars', backupId, { derive })).resolves.toBeDefined()
})

test('the format stays as it is', async () => {
  const id = `backup_account_02${'ab'.repeat(32)}`
  const { signing } = await passphraseFactorKey(words, id)
  expect(signing.publicKey).toMatchInlineSnapshot(
    `"BBpIVnK0/9qTWXdBp/jgT5NyvVPNnb1a80HzzFAB80otB3SlA45FsGtQ8/ciNE3mfYmodpY9m23jh1a0fsmqSmc="`,
  )
})

test('a recovery key that was made later knows its backup, and resets nothing', async () => {
  const made = await createLaterRecoveryKey(backupId)
  expect(readRecoveryKey(writeRecoveryKey(made))).toEqual(made)
  expect(made.account).toBeNull()
})
