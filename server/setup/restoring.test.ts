import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { migrationsFolder } from '#db/testing.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { incomingFolder } from '#server/config/restoring.ts'
import type { Context } from '#server/context.ts'
import { makeRecoveryKey } from '#server/keeping/recovery-key.ts'
import { runSnapshot } from '#server/keeping/run-snapshots.ts'
import { createLog } from '#server/kit/log.ts'
import { openHouse } from '#server/open-house.ts'
import { createAccount } from '#server/people/create-account.ts'
import { findSlot, openSlot } from '#server/surfaces/cloud-backup/read-slot.ts'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { claimSetup } from './claim.ts'
import { finishSetup } from './finish-setup.ts'
import { makeKeeper } from './make-keeper.ts'
import { moveIn, moveInFile } from './move-in.ts'
import { readSetup } from './read-setup.ts'
import { type RestoreProgress, Restoring } from './restoring.ts'
import { offerSetupCode } from './setup-code.ts'

const address = '127.0.0.1'
const arrival = { address, userAgent: null, replaces: null, language: 'en' as const }
const mum = { name: 'mum@home.test', password: 'a password of some length' }

/** A server with something in it, gone but for its snapshot. */
async function burntDown() {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-snapshots-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: folder, HEARTHKEEP_HOSTNAME: 'old.example' })
  const key = await makeRecoveryKey(home.ctx, home.dataFolder)
  const claim = await claimOf(home)
  await makeKeeper(home.ctx, claim, mum, arrival)
  await finishSetup(home.ctx, { claim, address }, 'invite')
  const slot = home.slot()
  const bytes = someBytes(100_000)
  await slot.put(bytes, 0)
  for (let more = 0; more < 5; more += 1) await home.slot().put(someBytes(), 0)
  await runSnapshot(home.ctx)
  const [object = ''] = home.objectsOnDisk()
  return { folder, key, slot: slot.owner, bytes, object, source: { kind: 'folder', folder } as const }
}

async function claimOf({ ctx, dataFolder }: TestHome): Promise<string> {
  const offered = await offerSetupCode({ ...ctx, dataFolder }, true)
  return claimSetup(ctx, offered?.code ?? '', address)
}

function restoringIn({ ctx }: TestHome) {
  const moved = vi.fn()
  return { moved, restoring: new Restoring({ ctx, migrationsFolder, moveIn: moved }) }
}

async function settled(restoring: Restoring, claim: string): Promise<RestoreProgress> {
  await expect.poll(() => restoring.progress(claim).phase, { timeout: 15_000 }).not.toBe('running')
  return restoring.progress(claim)
}

test('an empty server becomes the one of the snapshot, with its name, people and objects', async () => {
  const old = await burntDown()
  await using home = await testHome()
  const claim = await claimOf(home)
  const { moved, restoring } = restoringIn(home)
  const [newest] = await restoring.look(claim, old)
  expect(newest).toMatchObject({ objects: 6 })
  const choice = { ...old, snapshot: newest?.name ?? '', acceptLosses: false }
  await restoring.begin(claim, { ...choice, key: `The key is ${old.key}. Keep it.` })
  await expect(makeKeeper(home.ctx, claim, mum, arrival)).rejects.toMatchObject({ code: 'setup.restoring' })
  expect(await settled(restoring, claim)).toMatchObject({
    phase: 'moving',
    restored: { objects: 6, losses: [], hostname: 'old.example' },
  })
  await expect.poll(() => moved.mock.calls.length).toBe(1)
  expect(existsSync(join(home.dataFolder, moveInFile))).toBe(true)

  await home.close()
  await moveIn(home.dataFolder)
  expect(readdirSync(home.dataFolder)).not.toContain(incomingFolder)
  expect(readdirSync(home.dataFolder)).not.toContain('before-restore')
  const config = readServerConfig({ HEARTHKEEP_DATA_DIR: home.dataFolder, HEARTHKEEP_LOG_LEVEL: 'silent' })
  expect(config.hostname).toBe('old.example')
  await using house = await openHouse({ config, log: createLog('silent'), version: '0', migrationsFolder })
  expect(house.ctx.settings.values.setUpAt).not.toBeNull()
  expect(await bytesOf(house.ctx, old.slot)).toEqual(old.bytes)
})

test('without the right key, the right place or the claim there is nothing to be had', async () => {
  const old = await burntDown()
  await using home = await testHome()
  const claim = await claimOf(home)
  const { restoring } = restoringIn(home)
  const other = await makeRecoveryKey(home.ctx, mkdtempIn(home))
  await expect(restoring.look(claim, { ...old, key: 'a password' })).rejects.toMatchObject({
    code: 'restore.key_wrong',
  })
  await expect(restoring.look(claim, { ...old, key: other })).rejects.toMatchObject({ code: 'restore.no_snapshots' })
  const nowhere = { kind: 'folder', folder: join(home.dataFolder, 'nowhere') } as const
  const away = { code: 'restore.source_away' }
  await expect(restoring.look(claim, { source: nowhere, key: old.key })).rejects.toMatchObject(away)
  await expect(restoring.look(null, old)).rejects.toMatchObject({ code: 'setup.not_claimed' })
  expect(() => restoring.progress('another')).toThrow('Another browser')
})

test('nothing is restored over something that is kept, nor once the server is set up', async () => {
  const old = await burntDown()
  await using home = await testHome()
  const claim = await claimOf(home)
  const { restoring } = restoringIn(home)
  const [newest] = await restoring.look(claim, old)
  const choice = { ...old, snapshot: newest?.name ?? '', acceptLosses: false }
  await createAccount(home.ctx, { username: 'early', password: 'a password' }, null)
  await expect(restoring.begin(claim, choice)).rejects.toMatchObject({ code: 'restore.not_empty' })
  await makeKeeper(home.ctx, claim, mum, arrival)
  await finishSetup(home.ctx, { claim, address }, 'invite')
  await expect(restoring.begin(claim, choice)).rejects.toMatchObject({ code: 'setup.closed' })
  await expect(restoring.look(claim, old)).rejects.toMatchObject({ code: 'setup.closed' })
})

test('a server that ends in the middle says so when it starts again, and goes on with what it has', async () => {
  const old = await burntDown()
  await using home = await testHome()
  const claim = await claimOf(home)
  const { restoring } = restoringIn(home)
  const [newest] = await restoring.look(claim, old)
  const choice = { ...old, snapshot: newest?.name ?? '', acceptLosses: false }
  expect(restoring.progress(claim)).toEqual({ phase: 'idle' })
  // As far as it gets without one object, and then it is gone.
  const paths = readdirSync(old.folder, { recursive: true, encoding: 'utf8' })
  const path = join(old.folder, paths.find((one) => one.endsWith(old.object)) ?? '')
  renameSync(path, `${path}.away`)
  await restoring.begin(claim, choice)
  expect(await settled(restoring, claim)).toMatchObject({ phase: 'incomplete' })
  renameSync(`${path}.away`, path)

  const next = restoringIn(home).restoring
  expect(next.progress(claim)).toEqual({ phase: 'interrupted', snapshot: choice.snapshot })
  expect(readSetup(home.ctx, claim)).toMatchObject({ isRestoring: false, hasInterrupted: true })
  const arrived = readdirSync(join(home.dataFolder, incomingFolder, 'blobs'), { recursive: true, encoding: 'utf8' })
  const times = arrived.map((name) => statSync(join(home.dataFolder, incomingFolder, 'blobs', name)).mtimeMs)
  await next.begin(claim, choice)
  expect(await settled(next, claim)).toMatchObject({ phase: 'moving', restored: { objects: 6, losses: [] } })
  const files = arrived.flatMap((name, at) => (name.length > 36 ? [[name, times[at]] as const] : []))
  expect(files).toHaveLength(5)
  for (const [name, at] of files)
    expect(statSync(join(home.dataFolder, incomingFolder, 'blobs', name)).mtimeMs).toBe(at)
})

test('what a snapshot has lost is told, and left out only when that is said; a failure leaves the empty server', async () => {
  const old = await burntDown()
  await using home = await testHome()
  const claim = await claimOf(home)
  const { moved, restoring } = restoringIn(home)
  const [newest] = await restoring.look(claim, old)
  const choice = { ...old, snapshot: newest?.name ?? '', acceptLosses: false }
  await restoring.begin(claim, { ...choice, snapshot: '20200101-000000000-00000000' })
  expect(await settled(restoring, claim)).toMatchObject({ phase: 'failed', code: 'restore.damaged' })
  const paths = readdirSync(old.folder, { recursive: true, encoding: 'utf8' })
  rmSync(join(old.folder, paths.find((path) => path.endsWith(old.object)) ?? ''))
  await restoring.begin(claim, choice)
  expect(await settled(restoring, claim)).toMatchObject({ phase: 'incomplete', losses: [expect.any(String)] })
  expect(moved).not.toHaveBeenCalled()
  await restoring.begin(claim, { ...choice, acceptLosses: true })
  expect(await settled(restoring, claim)).toMatchObject({ phase: 'moving', restored: { objects: 5 } })
})

function mkdtempIn({ dataFolder }: TestHome): string {
  const folder = join(dataFolder, 'another')
  mkdirSync(folder)
  return folder
}

async function bytesOf(ctx: Context, owner: Parameters<typeof findSlot>[1]): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of (await openSlot(ctx, findSlot(ctx, owner))).chunks) parts.push(part)
  return Buffer.concat(parts)
}
