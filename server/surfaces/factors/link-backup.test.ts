import { expect, test } from 'vitest'
import { createBackupAccount } from '#client/surfaces/factors/backup-account.ts'
import { createSigningKey, keypairAuthorization, type SigningKey } from '#client/surfaces/factors/signing-key.ts'
import { readBackups } from '#server/home/read-backups.ts'
import { listEvents } from '#server/notices/list-events.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { deleteBackup } from './delete-backup.ts'
import { lookupKeyOf } from './factor-data.ts'
import { keypairChallenge } from './issue-challenge.ts'
import { linkBackup, renameLink, unlinkBackup } from './link-backup.ts'
import { insertBackup, insertFactor } from './store.ts'

const address = '127.0.0.1'

/** A backup with one device and one key pair to open it, as if made over the wire. */
async function backup({ ctx }: TestHome) {
  const [device, main] = [await createSigningKey(), await createSigningKey()]
  const { id } = createBackupAccount()
  const key = ctx.ids.uuid()
  const at = { createdAt: ctx.clock.now(), updatedAt: ctx.clock.now() }
  insertBackup(ctx.db.read, { key, id, manifestHash: '0'.repeat(64), blobId: null, version: 1, ...at })
  for (const [scope, { publicKey }] of [
    ['SYNC', device],
    ['MAIN', main],
  ] as const) {
    const data = { kind: 'EC_KEYPAIR' as const, publicKey }
    const row = { backupKey: key, scope, lookupKey: lookupKeyOf(data), data, createdAt: at.createdAt }
    insertFactor(ctx.db.read, { id: ctx.ids.randomUuid(), ...row })
  }
  return { id, device, main }
}

async function proof({ ctx }: TestHome, signing: SigningKey, kind = 'RETRIEVEMETADATA') {
  const { challenge, token } = await keypairChallenge(ctx, { kind })
  return { authorization: await keypairAuthorization(signing, challenge), challengeToken: token }
}

const eventsOf = ({ ctx }: TestHome, accountId: string) =>
  listEvents(ctx.db.read, accountId, { before: null, limit: 10 }).map(({ event }) => event)

test('whoever holds a sync key puts the backup on their list, with its name and the device’s', async () => {
  await using home = await testHome()
  const accountId = home.account()
  const { id, device } = await backup(home)
  await linkBackup(
    home.ctx,
    { ...home.session(accountId), name: 'Papers', device: 'Firefox on Linux' },
    await proof(home, device),
  )
  await linkBackup(
    home.ctx,
    { ...home.session(accountId), name: 'Papers', device: 'Firefox on Linux' },
    await proof(home, device),
  )
  const [listed, ...more] = readBackups(home.ctx, accountId)
  expect(more).toEqual([])
  expect(listed).toMatchObject({ id, name: 'Papers', gone: null, ways: 1 })
  expect(listed?.factors.map(({ label }) => label)).toContain('Firefox on Linux')
  expect(eventsOf(home, accountId)).toEqual(['factors.linked'])
  expect(readBackups(home.ctx, home.account())).toEqual([])
})

test('an id, a main key, another backup’s key and a proof for something else put nothing on any list', async () => {
  await using home = await testHome()
  const accountId = home.account()
  const { main, device } = await backup(home)
  const owner = { ...home.session(accountId), name: 'x', device: null }
  const proofs = [
    await proof(home, main),
    await proof(home, await createSigningKey()),
    await proof(home, device, 'SYNC'),
    { ...(await proof(home, device)), challengeToken: (await proof(home, device)).challengeToken },
  ]
  for (const bad of proofs) await expect(linkBackup(home.ctx, owner, bad)).rejects.toThrow()
  expect(readBackups(home.ctx, accountId)).toEqual([])
})

test('renaming and taking off the list touch one’s own list alone', async () => {
  await using home = await testHome()
  const [mum, dad] = [home.account(), home.account()]
  const { id, device } = await backup(home)
  for (const accountId of [mum, dad])
    await linkBackup(home.ctx, { ...home.session(accountId), name: 'Shared', device: null }, await proof(home, device))
  await renameLink(home.ctx, mum, id, 'Ours')
  await unlinkBackup(home.ctx, dad, id)
  expect(readBackups(home.ctx, mum)).toMatchObject([{ name: 'Ours' }])
  expect(readBackups(home.ctx, dad)).toEqual([])
  await expect(renameLink(home.ctx, dad, id, 'Mine')).rejects.toMatchObject({ code: 'not_found' })
  await expect(unlinkBackup(home.ctx, dad, id)).rejects.toMatchObject({ code: 'not_found' })
})

test('everybody on whose list it is hears when it is deleted, and can see until when it comes back', async () => {
  await using home = await testHome()
  const accountId = home.account()
  const { device } = await backup(home)
  await linkBackup(home.ctx, { ...home.session(accountId), name: 'Papers', device: null }, await proof(home, device))
  await deleteBackup(home.ctx, await proof(home, device, 'DELETEBACKUP'), address)
  expect(eventsOf(home, accountId)).toContain('factors.deleted')
  expect(readBackups(home.ctx, accountId)[0]?.gone?.until).toBeGreaterThan(home.clock.now())
})

test('a list has room for twenty', async () => {
  await using home = await testHome()
  const accountId = home.account()
  const put = async () => {
    const { device } = await backup(home)
    await linkBackup(home.ctx, { ...home.session(accountId), name: 'x', device: null }, await proof(home, device))
  }
  for (let count = 0; count < 20; count += 1) await put()
  await expect(put()).rejects.toMatchObject({ code: 'quota.exceeded' })
})
