import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrationsFolder } from '#db/testing.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import type { Context } from '#server/context.ts'
import { reapHistory, reapOrphans } from '#server/keeping/reap.ts'
import type { MachineClock } from '#server/kit/clock.ts'
import { createLog } from '#server/kit/log.ts'
import { insertAccount, insertSession } from '#server/people/store.ts'
import { putSlot } from '#server/surfaces/cloud-backup/put-slot.ts'
import { findSlot, openSlot } from '#server/surfaces/cloud-backup/read-slot.ts'
import { type Slot, type SlotActor, type SlotOwner, slotOf } from '#server/surfaces/cloud-backup/store.ts'
import type { Owner } from '#server/vault/vault.ts'
import { openHouse } from './open-house.ts'

/** A wall clock in the test's hands. It starts at the real time, which is the time that files carry. */
export type TestClock = MachineClock & {
  /** Let so many milliseconds pass, or turn the clock back. */
  move(milliseconds: number): void
  /** Set the clock ahead or back without any time passing. */
  jump(milliseconds: number): void
}

/** A person's backup slot, without HTTP around it. */
export type TestSlot = {
  owner: SlotOwner
  /** The same owner in the vault's words. */
  kept: Owner
  /** @returns the new version */
  put(bytes: Uint8Array, expected: number): Promise<number>
  get(): Promise<Buffer>
  find(): Slot
}

export type TestHome = AsyncDisposable & {
  ctx: Context
  clock: TestClock
  dataFolder: string
  /** Close it before the end, and leave its folder, to be opened anew. */
  close(): Promise<void>
  /** A new person. @param quotaBytes  null for the server's default */
  account(quotaBytes?: number | null): string
  /** Somebody signed in: a new session of theirs. */
  session(accountId: string): { accountId: string; sessionId: string }
  /** The slot of a person, a new one if none is given, or of a device of theirs. */
  slot(accountId?: string, deviceId?: string): TestSlot
  /** Run the reaper of history once. @returns how many objects went */
  reap(): Promise<number>
  /** Run the sweep of orphans once. @returns how many objects went */
  sweep(): Promise<number>
  /** Ids of the objects in the store. */
  objectsOnDisk(): string[]
  /** Names of partial uploads. */
  partialsOnDisk(): string[]
  objectPath(blobId: string): string
  /** Make a file look older by milliseconds than it is. */
  age(path: string, milliseconds: number): void
}

/**
 * A house as `main.ts` opens it, with a real database and a real disk store in a temporary folder, without listeners
 * and jobs, and with a clock of the test's own.
 *
 * @param env  as for the program, e.g. `HEARTHKEEP_QUOTA_BYTES`
 */
export async function testHome(env: Record<string, string> = {}): Promise<TestHome> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hearthkeep-home-'))
  const clock = testClock()
  const config = readServerConfig({ HEARTHKEEP_DATA_DIR: dataFolder, HEARTHKEEP_LOG_LEVEL: 'silent', ...env })
  const log = createLog(config.logLevel)
  const house = await openHouse({ config, log, version: '0.0.0-test', migrationsFolder, clock })
  const { ctx } = house
  const objects = join(dataFolder, 'blobs')

  function account(quotaBytes: number | null = null): string {
    const id = ctx.ids.uuid()
    const username = `u${id.replaceAll('-', '')}`
    insertAccount(ctx.db.read, { id, username, passwordHash: '-', role: 'member', quotaBytes, createdAt: clock.now() })
    return id
  }

  function session(accountId: string) {
    const sessionId = ctx.ids.uuid()
    const now = clock.now()
    const times = { createdAt: now, lastSeenAt: now, expiresAt: now + 365 * 24 * 3_600_000 }
    insertSession(ctx.db.read, { id: sessionId, accountId, kind: 'web', tokenHash: sessionId, ...times })
    return { accountId, sessionId }
  }

  return {
    ctx,
    clock,
    dataFolder,
    close: async () => house[Symbol.asyncDispose](),
    account,
    session,
    slot: (accountId = account(), deviceId) => testSlot(ctx, { ...session(accountId), deviceId: deviceId ?? null }),
    reap: () => reapHistory(ctx),
    sweep: () => reapOrphans(ctx),
    objectsOnDisk: () =>
      readdirSync(objects)
        .filter((name) => name !== 'tmp')
        .flatMap((shard) => readdirSync(join(objects, shard)))
        .sort(),
    partialsOnDisk: () => readdirSync(join(objects, 'tmp')),
    objectPath: (blobId) => join(objects, blobId.slice(-2), blobId),
    age(path, milliseconds) {
      const at = (Date.now() - milliseconds) / 1000
      utimesSync(path, at, at)
    },
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

function testClock(): TestClock {
  let ahead = 0
  let passed = 0
  return {
    now: () => Date.now() + ahead,
    uptime: () => performance.now() + passed,
    move(milliseconds) {
      ahead += milliseconds
      passed += Math.max(0, milliseconds)
    },
    jump(milliseconds) {
      ahead += milliseconds
    },
  }
}

function testSlot(ctx: Context, actor: SlotActor): TestSlot {
  const owner = slotOf(actor)
  const find = () => findSlot(ctx, owner)
  return {
    owner,
    kept: { kind: 'cloud', id: owner.id, accountId: owner.accountId },
    find,
    put: (bytes, expected) => {
      const { signal } = new AbortController()
      return putSlot(ctx, actor, { length: bytes.length, chunks: chunksOf(bytes), sha256: null, signal }, expected)
    },
    async get() {
      const parts: Uint8Array[] = []
      for await (const part of (await openSlot(ctx, find())).chunks) parts.push(part)
      return Buffer.concat(parts)
    },
  }
}

/** Bytes as a request body brings them. */
export async function* chunksOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array, void, void> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** Bytes that nothing else holds. */
export function someBytes(length = 100): Buffer {
  return randomBytes(length)
}
