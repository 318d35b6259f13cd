import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { type CloudSlot, signUp } from '#e2e/support/disaster-client.ts'
import { databaseFaults, inDatabase, objectRows, objectsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { temporaryFolder } from '#e2e/support/disaster-keeping.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { startS3Server } from '#e2e/support/s3-server.ts'
import { startServer } from '#e2e/support/server.ts'

vi.setConfig({ testTimeout: 120_000 })

const beginMove = join(import.meta.dirname, '..', 'support', 'disaster-begin-move.mjs')
const random = seededRandom('a van with three boxes in it')
const s3 = await startS3Server()
const skipped = s3.kind === 'external' ? ' (skipped: an external server cannot be stopped)' : ''

afterAll(() => s3.stop())

test.skipIf(skipped)(
  `a move to S3 that is killed, and finds S3 away, loses nothing, holds nobody up, and comes to its end${skipped}`,
  async () => {
    using folder = temporaryFolder()
    const moveFile = folder.at('move')
    const data = folder.at('data')
    const env = { MOVE_FILE: moveFile, HEARTHKEEP_HISTORY_VERSIONS: '100' }
    await using server = await startServer({ dataFolder: data, preload: [beginMove], env })
    const slots = await Promise.all(Array.from({ length: 3 }, async () => ({ slot: (await signUp(server)).slot })))
    const kept = new Map<CloudSlot, { version: number; hash: string }>()
    const save = async (slot: CloudSlot) => {
      const [bytes, { version }] = [random.bytes(20_000), kept.get(slot) ?? { version: 0 }]
      expect(await slot.at(server).put(bytes, version)).toMatchObject({ status: 200, version: version + 1 })
      kept.set(slot, { version: version + 1, hash: sha256(bytes) })
    }
    const saveAll = (times: number) =>
      Promise.all(
        slots.map(async ({ slot }) => {
          for (let time = 0; time < times; time += 1) await save(slot)
        }),
      )
    const isAllThere = async () => {
      for (const [slot, { version, hash }] of kept)
        expect(await slot.at(server).get()).toMatchObject({ status: 200, version, hash })
    }
    await saveAll(50)

    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3
    const account = { endpoint, region, bucket, accessKeyId, secretAccessKey, prefix: 'moved', forcePathStyle: true }
    writeFileSync(`${moveFile}.new`, JSON.stringify({ place: { kind: 's3', s3: account }, keepDays: 7 }))
    renameSync(`${moveFile}.new`, moveFile)
    await until('the first objects are there', () => moved(data) > 0, 30)
    await server.stop('SIGKILL')
    await s3.kill()

    await server.restart()
    await until('the move is paused', () => moveOf(data).outcome !== 'ok', 30)
    await isAllThere()
    await saveAll(3)
    await server.stop('SIGKILL')
    await s3.restart()

    await server.restart()
    await until('everything has moved', () => moveOf(data).phase === 'resting', 60)
    await saveAll(2)
    await isAllThere()
    await server.stop('SIGKILL')
    expect(databaseFaults(data)).toEqual([])
    expect(objectRows(data).filter(({ state }) => state === 'quarantined')).toEqual([])
    expect(objectsOnDisk(data)).toHaveLength(3 * 53)

    // The old place is not needed any more, and the keys of the new one are not in the clear.
    expect(JSON.stringify(moveOf(data))).not.toContain(secretAccessKey)
    rmSync(join(data, 'blobs'), { recursive: true })
    await server.restart()
    await isAllThere()
    await saveAll(1)
  },
)

function moved(data: string): number {
  const sql = 'select count(*) as n from moved_objects'
  return inDatabase(data, (sqlite) => (sqlite.prepare(sql).get() as { n: number }).n)
}

function moveOf(data: string): { outcome: string; phase: string } {
  const sql = "select outcome, checkpoint from jobs where name = 'storage.move'"
  const row = inDatabase(data, (sqlite) => sqlite.prepare(sql).get() as { outcome: string; checkpoint: string })
  return { ...row, phase: (JSON.parse(row.checkpoint) as { phase: string }).phase }
}
