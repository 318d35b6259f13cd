import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBackup } from '#client/surfaces/factors/create-backup.ts'
import { ecFactor } from '#client/surfaces/factors/ec-factor.ts'
import { FactorBackupClient } from '#client/surfaces/factors/factor-backup-client.ts'
import { fileFromBytes } from '#client/surfaces/factors/file-source.ts'
import { joinAsSyncDevice } from '#client/surfaces/factors/join-as-sync-device.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import { addMainFactor, proveFactor, removeFactor } from '#client/surfaces/factors/manage-factors.ts'
import { type OidcSecret, oidcFactor, oidcNonce } from '#client/surfaces/factors/oidc-factor.ts'
import { openBackup } from '#client/surfaces/factors/open-backup.ts'
import { createRecoveryKey, recoveryFactorKey } from '#client/surfaces/factors/recovery-key.ts'
import { createSigningKey } from '#client/surfaces/factors/signing-key.ts'
import { syncBackup } from '#client/surfaces/factors/sync-backup.ts'
import { type OidcIssuer, startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let google: OidcIssuer
let client: FactorBackupClient
beforeAll(async () => {
  google = await startOidcIssuer()
  server = await startServer({
    env: {
      HEARTHKEEP_OIDC_GOOGLE_ISSUER: google.url,
      HEARTHKEEP_OIDC_GOOGLE_JWKS_URL: google.jwksUrl,
      HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: google.audiences.join(','),
    },
  })
  client = new FactorBackupClient({ server: server.url })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await google?.[Symbol.asyncDispose]()
})

const files = (content: string | Uint8Array<ArrayBuffer>) => [
  fileFromBytes('a', typeof content === 'string' ? new TextEncoder().encode(content) : content),
]
const passphrase = {
  passphrase: 'correct horse battery',
  options: { kdf: { memoryKiB: 8, iterations: 1, parallelism: 1 } },
}
const keyFile = () => ({ keyFile: new Uint8Array(randomBytes(32)) })

async function recoveryFactor(): Promise<MainFactor> {
  return ecFactor(await recoveryFactorKey(await createRecoveryKey()))
}

/** One sign-in; good for one use. */
async function accountFactor(subject: string, secret: OidcSecret): Promise<MainFactor> {
  const session = await createSigningKey()
  const token = await google.signIn({ subject, nonce: await oidcNonce(session), email: `${subject}@example.org` })
  const turnkey = { turnkeyAccountId: 'none', turnkeyUserId: 'none', turnkeyPrivateKeyId: 'none' }
  return oidcFactor({ oidcToken: { kind: 'GOOGLE', token }, session, turnkeyProviderId: 'none', turnkey, secret })
}

async function textBy(factor: MainFactor): Promise<string> {
  return new TextDecoder().decode((await openBackup(client, factor)).files.get('a'))
}

describe('an account as main factor', () => {
  test('opens the backup with its passphrase and after a new sign-in, and not with another', async () => {
    const { metadata } = await createBackup(client, files('mine'), await accountFactor('ann', passphrase))
    expect(metadata.factors[0]?.kind).toMatchObject({ account: { kind: 'GOOGLE', maskedEmail: 'an***@example.org' } })
    expect(await textBy(await accountFactor('ann', passphrase))).toBe('mine')
    const wrong = await accountFactor('ann', { ...passphrase, passphrase: 'incorrect horse battery' })
    await expect(textBy(wrong)).rejects.toMatchObject({ reason: 'not-decryptable' })
    const used = await accountFactor('ann', passphrase)
    await textBy(used)
    await expect(textBy(used)).rejects.toMatchObject({ reason: 'challenge-spent' })
  })

  test('is added to a backup with a recovery key, each with a key of its own, and taken out again', async () => {
    const recovery = await recoveryFactor()
    const secret = keyFile()
    const { device } = await createBackup(client, files('ours'), recovery)
    const opened = await openBackup(client, recovery)
    const added = await addMainFactor(client, opened, { existing: recovery, added: await accountFactor('bob', secret) })
    const { keys, factors } = added.opened.metadata
    expect([keys.map(({ kind }) => kind), factors.map(({ kind }) => kind.kind)]).toEqual([
      ['ICLOUD', 'TURNKEY'],
      ['EC_KEYPAIR', 'OIDC_ACCOUNT'],
    ])
    expect(await textBy(await accountFactor('bob', secret))).toBe('ours')
    const proof = await proveFactor(client, await accountFactor('bob', secret), keys)
    expect(proof).toEqual({ backupId: device.backupId, decrypts: true })
    const stranger = await proveFactor(client, await accountFactor('bob', keyFile()), keys)
    expect(stranger.decrypts).toBe(false)

    const [key] = keys
    const icloud = removeFactor(client, device, factors[1]?.id ?? '', { scope: 'MAIN', key })
    await expect(icloud).rejects.toMatchObject({ reason: 'key-in-use' })
    const left = await removeFactor(client, device, factors[1]?.id ?? '', { scope: 'MAIN', key: keys[1] })
    expect(left?.keys.map(({ kind }) => kind)).toEqual(['ICLOUD'])
    await expect(textBy(await accountFactor('bob', secret))).rejects.toMatchObject({ reason: 'factor-unknown' })
  })

  test('two recovery keys open by one text, and the second was never on the device that made the first', async () => {
    const [one, two] = [await recoveryFactor(), await recoveryFactor()]
    await createBackup(client, files('ours'), one)
    await addMainFactor(client, await openBackup(client, one), { existing: one, added: two })
    expect([await textBy(one), await textBy(two)]).toEqual(['ours', 'ours'])
  })
})

describe('several devices', () => {
  test('that sync at once lose nothing: one wins, the others hear of it', async () => {
    const recovery = await recoveryFactor()
    const { device } = await createBackup(client, files('start'), recovery)
    const devices = [device]
    for (let more = 0; more < 3; more += 1) {
      devices.push((await joinAsSyncDevice(client, await openBackup(client, recovery))) as typeof device)
    }
    const content = (index: number) => new Uint8Array(200_000).fill(index)
    const synced = await Promise.allSettled(devices.map((one, index) => syncBackup(client, one, files(content(index)))))
    const winner = synced.findIndex(({ status }) => status === 'fulfilled')
    const losers = synced.filter((result) => result.status === 'rejected')
    expect(losers.map(({ reason }) => reason.reason)).toEqual(['moved-on', 'moved-on', 'moved-on'])
    expect((await openBackup(client, recovery)).files.get('a')).toEqual(content(winner))
  })

  test('a leave to join is good for one device', async () => {
    const recovery = await recoveryFactor()
    await createBackup(client, files('x'), recovery)
    const opened = await openBackup(client, recovery)
    const device = await joinAsSyncDevice(client, opened)
    await expect(joinAsSyncDevice(client, opened)).rejects.toMatchObject({ reason: 'token-spent' })
    const again = await openBackup(client, recovery)
    await expect(joinAsSyncDevice(client, again, device.signing)).rejects.toMatchObject({ reason: 'factor-taken' })
  })

  test('one id is one backup', async () => {
    const { account } = await createBackup(client, files('x'), await recoveryFactor())
    const second = createBackup(client, files('y'), await recoveryFactor(), { account })
    await expect(second).rejects.toMatchObject({ reason: 'backup-exists' })
  })
})

test('a server that asks for attestation is given it, for what it asks', async () => {
  const env = { HEARTHKEEP_ATTESTATION: 'token', HEARTHKEEP_ATTESTATION_TOKEN: 'sesame' }
  await using gated = await startServer({ env })
  const recovery = await recoveryFactor()
  const plain = new FactorBackupClient({ server: gated.url })
  await createBackup(plain, files('x'), recovery)
  await expect(openBackup(plain, recovery)).rejects.toMatchObject({ reason: 'attestation-refused' })
  const asked: string[] = []
  const attested = new FactorBackupClient({
    server: gated.url,
    attestation: async ({ path }) => {
      asked.push(path)
      return 'sesame'
    },
  })
  await joinAsSyncDevice(attested, await openBackup(attested, recovery))
  expect(asked).toEqual(['/v1/retrieve/from-challenge'])
})

test('what only the original’s clients do has its route too: the challenge of /add-factor', async () => {
  const session = await createSigningKey()
  const token = await google.signIn({ subject: 'eve', nonce: await oidcNonce(session), email: 'eve@example.org' })
  const challenges = await client.addFactorChallenge(token)
  expect(Object.keys(challenges).sort()).toEqual([
    'existingFactorChallenge',
    'existingFactorToken',
    'newFactorChallenge',
    'newFactorToken',
  ])
  const authorization = { kind: 'EC_KEYPAIR', publicKey: '', signature: '' } as const
  const refused = client.addFactor({
    existingFactorAuthorization: authorization,
    existingFactorChallengeToken: challenges.existingFactorToken,
    existingFactorTurnkeyActivity: '{}',
    newFactorAuthorization: authorization,
    newFactorChallengeToken: challenges.newFactorToken,
    turnkeyProviderId: 'none',
  })
  await expect(refused).rejects.toMatchObject({ kind: 'server', code: 'not_supported' })
})
