import { describe, expect, test } from 'vitest'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { createBackupAccount } from './backup-account.ts'
import { createBackupKey } from './backup-key.ts'
import { ecFactor, importEcFactorKey } from './ec-factor.ts'
import type { MainFactor } from './main-factor.ts'
import { oidcFactor } from './oidc-factor.ts'
import { createRecoveryKey, readRecoveryKey, recoveryFactorKey, writeRecoveryKey } from './recovery-key.ts'
import { createSigningKey, exportSigningKey } from './signing-key.ts'
import type { BackupEncryptionKey } from './wire.ts'
import { addWrap, readWraps, wrapUnder, writeWraps } from './wrapped-key.ts'

const { id: backupId } = createBackupAccount()
const p256 = { name: 'ECDH', namedCurve: 'P-256' }
const cheap = { kdf: { memoryKiB: 8, iterations: 1, parallelism: 1 } }
const turnkey = { turnkeyAccountId: 'a', turnkeyUserId: 'u', turnkeyPrivateKeyId: 'k' }

async function ec(): Promise<MainFactor> {
  return ecFactor(await recoveryFactorKey(await createRecoveryKey()))
}

async function oidc(secret: Parameters<typeof oidcFactor>[0]['secret']): Promise<MainFactor> {
  const oidcToken = { kind: 'GOOGLE', token: 'x' } as const
  return oidcFactor({ oidcToken, session: await createSigningKey(), turnkeyProviderId: 'p', turnkey, secret })
}

describe('one text opens for each factor it was wrapped for, and no other', () => {
  const kinds: [string, () => Promise<[MainFactor, MainFactor, MainFactor]>][] = [
    ['key pairs', async () => [await ec(), await ec(), await ec()]],
    [
      'key files',
      async () => [
        await oidc({ keyFile: createBackupKey() }),
        await oidc({ keyFile: createBackupKey() }),
        await oidc({ keyFile: createBackupKey() }),
      ],
    ],
    [
      'passphrase and key file',
      async () => [
        await oidc({ passphrase: 'correct horse battery', options: cheap }),
        await oidc({ keyFile: createBackupKey() }),
        await oidc({ passphrase: 'another horse battery', options: cheap }),
      ],
    ],
  ]
  test.each(kinds)('%s', async (_, make) => {
    const key = createBackupKey()
    const [one, two, stranger] = await make()
    let keys: BackupEncryptionKey[] = []
    for (const factor of [one, two]) keys = [await factor.wrap(key, backupId, keys)]
    for (const factor of [one, two]) expect(await factor.unwrap(keys, backupId)).toEqual(key)
    expect(await stranger.unwrap(keys, backupId)).toBeNull()
    // The server hands the keys out: those of another backup must not open as if they were this one's.
    expect(await one.unwrap(keys, createBackupAccount().id)).toBeNull()
    expect(await one.unwrap([], backupId)).toBeNull()
  })
})

test('wrapping again for one factor replaces its wrap and keeps the others, also those of newer programs', async () => {
  const newer = { for: 'quantum', id: 'q', sizes: [1, 2] } as never
  const [one, other] = [
    { for: 'prf', id: 'a', salt: 's', key: '1' } as const,
    { for: 'prf', id: 'b', salt: 's', key: '2' } as const,
  ]
  const text = addWrap(writeWraps([one, newer, other]), { ...one, key: '3' })
  expect(readWraps(text)).toEqual([newer, other, { ...one, key: '3' }])
})

test('a text of another app holds nothing for us, breaks nothing and is not replaced', async () => {
  const foreign = [
    '',
    'ab'.repeat(80),
    '{}',
    '[]',
    'null',
    '{"format":"hearthkeep-wrapped-key","version":1,"wraps":[1]}',
  ]
  const factor = await ec()
  for (const encryptedKey of foreign) {
    expect(readWraps(encryptedKey)).toBeNull()
    const keys: BackupEncryptionKey[] = [{ kind: 'ICLOUD', encryptedKey }]
    expect(await factor.unwrap(keys, backupId)).toBeNull()
    await expect(factor.wrap(createBackupKey(), backupId, keys)).rejects.toMatchObject({ reason: 'foreign-key' })
  }
})

test('a wrap with a forged salt or key opens nothing and throws nothing', async () => {
  const factor = await ec()
  const { encryptedKey } = await factor.wrap(createBackupKey(), backupId, [])
  const [wrap] = readWraps(encryptedKey) ?? []
  for (const forged of [{ salt: 'AAAA' }, { salt: '!' }, { key: '' }, { key: undefined }, { id: 'x' }]) {
    const text = writeWraps([{ ...wrap, ...forged } as never])
    expect(await factor.unwrap([{ kind: 'ICLOUD', encryptedKey: text }], backupId)).toBeNull()
  }
})

test('nobody but the owner of a key pair can wrap for it, with its public key or an ephemeral one', async () => {
  const signing = await createSigningKey({ extractable: true })
  const factor = ecFactor(await importEcFactorKey(await exportSigningKey(signing)))
  const id = signing.publicKey
  const other = await importEcFactorKey(await exportSigningKey(await createSigningKey({ extractable: true })))
  const point = await crypto.subtle.importKey('raw', fromBase64(id) ?? new Uint8Array(), p256, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: point }, other.agreement, 256)
  const salt = new Uint8Array(32)
  for (const secret of [new Uint8Array(shared), (fromBase64(id) ?? new Uint8Array()).slice(1, 33)]) {
    const key = await wrapUnder(secret, salt, { for: 'ec', id, backupId }, createBackupKey())
    const encryptedKey = writeWraps([{ for: 'ec', id, salt: toBase64(salt), key }])
    expect(await factor.unwrap([{ kind: 'ICLOUD', encryptedKey }], backupId)).toBeNull()
  }
})

describe('a recovery key', () => {
  test('comes back from its file, with the same factor and the same account', async () => {
    const made = await createRecoveryKey()
    const read = readRecoveryKey(writeRecoveryKey(made))
    expect(read).toEqual(made)
    const key = createBackupKey()
    const keys = [await ecFactor(await recoveryFactorKey(made)).wrap(key, backupId, [])]
    expect(await ecFactor(await recoveryFactorKey(read)).unwrap(keys, backupId)).toEqual(key)
  })

  test('is refused when it is something else, and the refusal quotes nothing of it', async () => {
    const text = writeRecoveryKey(await createRecoveryKey())
    const other = (await createRecoveryKey()).account.id
    const wrong = ['', 'secret words', text.replace('"version": 1', '"version": 2')]
    wrong.push(
      text.replace(/backup_account_[0-9a-f]+/, other),
      text.replace(/"accountKey": ".*"/, '"accountKey": "00"'),
    )
    for (const file of wrong) {
      expect(() => readRecoveryKey(file)).toThrow(/^This is not a recovery key this program can read$/)
    }
    const broken = { ...(await createRecoveryKey()), pkcs8: new Uint8Array(50) }
    await expect(recoveryFactorKey(broken)).rejects.toMatchObject({ reason: 'malformed-recovery-key' })
  })
})
