import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { type CreatedBackup, createBackup } from './create-backup.ts'
import { ecFactor } from './ec-factor.ts'
import { isFactorError } from './errors.ts'
import { FactorBackupClient } from './factor-backup-client.ts'
import { fileFromBytes } from './file-source.ts'
import { joinAsSyncDevice } from './join-as-sync-device.ts'
import type { MainFactor } from './main-factor.ts'
import { addMainFactor } from './manage-factors.ts'
import { openBackup } from './open-backup.ts'
import { createRecoveryKey, recoveryFactorKey } from './recovery-key.ts'
import { syncBackup } from './sync-backup.ts'
import { lockDevice } from './sync-device.ts'
import { type FactorsStub, factorsStub } from './testing.ts'

const files = (content: string) => [fileFromBytes('a.txt', new TextEncoder().encode(content))]
const pause = async () => {}
const busy = { status: 423, code: 'conflicting_lock' }
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

let stub: FactorsStub
let factor: MainFactor
beforeEach(async () => {
  stub = factorsStub()
  factor = ecFactor(await recoveryFactorKey(await createRecoveryKey()))
})

async function created(): Promise<CreatedBackup> {
  const made = await createBackup(stub.client, files('one'), factor)
  stub.calls.length = 0
  return made
}

describe('createBackup', () => {
  test('is done when the server has the backup, though its answer was lost', async () => {
    stub.failNext('/v1/create', 'lose-answer')
    const { metadata, account } = await createBackup(stub.client, files('one'), factor)
    expect(metadata.id).toBe(account.id)
    expect((await openBackup(stub.client, factor)).files.size).toBe(1)
  })

  test('is not done, and not repeated, when nothing arrived', async () => {
    stub.failNext('/v1/create', 'drop')
    await expect(createBackup(stub.client, files('one'), factor)).rejects.toMatchObject({ kind: 'network' })
    expect(stub.calls.filter((path) => path === '/v1/create')).toHaveLength(1)
  })

  test('names the file that changed, not the broken connection', async () => {
    let reads = 0
    const source = {
      ...fileFromBytes('a.txt', new Uint8Array(3)),
      open: () => {
        reads += 1
        return fileFromBytes('', new Uint8Array(3).fill(reads)).open()
      },
    }
    const refused = createBackup(stub.client, [source], factor)
    await expect(refused).rejects.toMatchObject({ reason: 'source-changed', message: expect.stringMatching(/a\.txt/) })
    expect(stub.stored).toBeNull()
  })
})

describe('syncBackup', () => {
  test('waits while another device writes, with a new challenge each time', async () => {
    const { device } = await created()
    stub.failNext('/v1/sync', busy, busy)
    let waits = 0
    const counted = async () => {
      waits += 1
    }
    const synced = await syncBackup(stub.client, device, files('two'), { pause: counted })
    expect([waits, synced.replaced]).toEqual([2, false])
    expect(stub.calls.filter((path) => path === '/v1/sync/challenge/keypair')).toHaveLength(3)
  })

  test('gives up after five waits, and says what to do', async () => {
    const { device } = await created()
    stub.failNext('/v1/sync', ...new Array(6).fill(busy))
    const error = await syncBackup(stub.client, device, files('two'), { pause }).catch((caught) => caught)
    expect(isFactorError(error, 'busy') && error.next).toMatch(/Try again/)
  })

  test('recognises its own version after a lost answer, also where the repetition met it as a conflict', async () => {
    const { device } = await created()
    stub.failNext('/v1/sync', 'lose-answer')
    const synced = await syncBackup(stub.client, device, files('two'), { pause })
    expect(synced.replaced).toBe(false)
    stub.failNext('/v1/sync', 'lose-answer')
    stub.failNext('/v1/retrieve-metadata', 'drop')
    await expect(syncBackup(stub.client, synced.device, files('three'), { pause })).rejects.toThrow()
    expect(text((await openBackup(stub.client, factor)).files.get('a.txt'))).toBe('three')
  })

  test('sends again when nothing had arrived', async () => {
    const { device } = await created()
    stub.failNext('/v1/sync', 'drop', 'drop')
    await syncBackup(stub.client, device, files('two'), { pause })
    expect(text((await openBackup(stub.client, factor)).files.get('a.txt'))).toBe('two')
  })

  test('leaves another device’s version alone unless told to replace it', async () => {
    const { device } = await created()
    stub.moveOn()
    const theirs = stub.stored?.metadata.manifestHash
    await expect(syncBackup(stub.client, device, files('two'), { pause })).rejects.toMatchObject({ reason: 'moved-on' })
    expect(stub.stored?.metadata.manifestHash).toBe(theirs)
    const synced = await syncBackup(stub.client, device, files('two'), { pause, onConflict: 'replace' })
    expect(synced.replaced).toBe(true)
    expect(stub.stored?.metadata.manifestHash).toBe(synced.device.seen.manifestHash)
  })
})

describe('openBackup', () => {
  test('notices a server that goes back to an older version, blob and hash together', async () => {
    const { device } = await created()
    const old = stub.stored
    const { device: synced } = await syncBackup(stub.client, device, files('two'))
    stub.stored = old
    const open = (acceptOlder: boolean) => openBackup(stub.client, factor, { seen: synced.seen, acceptOlder })
    await expect(open(false)).rejects.toMatchObject({ reason: 'rolled-back' })
    expect(text((await open(true)).files.get('a.txt'))).toBe('one')
  })

  test('tells a factor without a key from a blob that is not the promised one', async () => {
    await created()
    const stored = stub.stored
    if (stored === null) throw new Error('nothing stored')
    stub.stored = { ...stored, metadata: { ...stored.metadata, keys: [] } }
    await expect(openBackup(stub.client, factor)).rejects.toMatchObject({ reason: 'not-decryptable' })
    stub.stored = { ...stored, metadata: { ...stored.metadata, manifestHash: 'ab'.repeat(32) } }
    await expect(openBackup(stub.client, factor)).rejects.toMatchObject({ reason: 'damaged' })
  })
})

describe('a device that is locked', () => {
  test('takes nothing from the opened backup it came from; a wiped key is never wrapped', async () => {
    await created()
    const opened = await openBackup(stub.client, factor)
    const joined = await joinAsSyncDevice(stub.client, opened)
    const { backupKey } = await lockDevice(joined)
    expect([backupKey instanceof CryptoKey, backupKey instanceof CryptoKey && backupKey.extractable]).toEqual([
      true,
      false,
    ])
    expect(joined.backupKey).toEqual(new Uint8Array(32))
    expect(opened.backupKey.some((byte) => byte !== 0)).toBe(true)
    opened.backupKey.fill(0)
    await expect(addMainFactor(stub.client, opened, { existing: factor, added: factor })).rejects.toThrow(/was wiped/)
  })
})

describe('the client', () => {
  test('takes addresses with and without /v1', async () => {
    for (const server of ['http://127.0.0.1:1/home', 'http://127.0.0.1:1/home/v1', 'http://127.0.0.1:1/home/v1/']) {
      const { client, calls } = factorsStub(server)
      await client.keypairChallenge('sync')
      expect(calls).toEqual(['/home/v1/sync/challenge/keypair'])
    }
    expect(new FactorBackupClient({ server: 'http://127.0.0.1:1/v1' }).transport.baseUrl).toMatch(/v1$/)
  })

  test('never repeats a call that spends a challenge', async () => {
    const { device } = await created()
    const proof = { authorization: { kind: 'EC_KEYPAIR' as const, publicKey: '', signature: '' }, challengeToken: 't' }
    stub.failNext('/v1/retrieve/from-challenge', 'lose-answer')
    await expect(stub.client.retrieve(proof)).rejects.toMatchObject({ kind: 'network' })
    stub.failNext('/v1/retrieve-metadata', 'lose-answer')
    await expect(stub.client.retrieveMetadata(proof, device.backupId)).rejects.toMatchObject({ kind: 'network' })
    expect(stub.calls).toHaveLength(2)
  })

  test('says what an answer is that no factor backup server sends', async () => {
    stub.stored = { metadata: { id: 'x' } as never, backup: randomBytes(3) }
    await expect(stub.client.retrieve({} as never)).rejects.toMatchObject({ kind: 'protocol' })
  })
})
