import { expect, onTestFinished, test } from 'vitest'
import { type CloudSlot, call, signIn, signUp } from '#e2e/support/disaster-client.ts'
import { day, shiftClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { brokenRows, databaseFaults, objectRows, objectsOnDisk, partialsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { runProgram } from '#e2e/support/disaster-program.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { cannotMount, type SmallDisk, smallDisk } from '#e2e/support/disaster-small-disk.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { Device } from '#e2e/support/oplog.ts'
import { type StartOptions, startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024
const skipped = cannotMount ? ` (skipped: ${cannotMount})` : ''
const noSpace = { status: 507, error: 'No space is left in the store' }
const random = seededRandom('a small disk')

test.skipIf(cannotMount)(
  `uploads that find the disk full are refused and take nothing with them${skipped}`,
  async () => {
    const { disk, server } = await onSmallDisk()
    const { slot } = await signUp(server)
    const kept = await fillWithBackups(slot, mebibyte)

    expect(await slot.put(random.bytes(mebibyte), kept.version)).toMatchObject(noSpace)
    expect(partialsOnDisk(disk.folder)).toEqual([])
    expect(objectsOnDisk(disk.folder)).toHaveLength(kept.version)
    expect(await slot.get()).toMatchObject({ status: 200, version: kept.version, hash: kept.hash })

    await server.stop('SIGKILL')
    disk.fill(mebibyte)
    await server.restart()
    expect(await slot.get()).toMatchObject({ status: 200, version: kept.version, hash: kept.hash })
  },
)

test.skipIf(cannotMount)(
  `a disk that another program fills to the last byte is reported, and works again when it has room${skipped}`,
  async () => {
    const { disk, server } = await onSmallDisk()
    const { slot } = await signUp(server)
    const bytes = random.bytes(500_000)
    expect((await slot.put(bytes, 0)).status).toBe(200)

    disk.fill(0)
    expect(await slot.put(random.bytes(32), 1)).toMatchObject(noSpace)
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
    await until('the server says that it is ill', async () => (await call(server, 'GET', '/health')).status === 503)
    expect((await call(server, 'GET', '/ready')).status).toBe(500)

    disk.empty()
    expect(await slot.put(bytes.subarray(1), 1)).toMatchObject({ status: 200, version: 2 })
    await until('the server says that it is well', async () => (await call(server, 'GET', '/health')).status === 200)
    expect((await call(server, 'GET', '/ready')).status).toBe(200)
  },
)

test.skipIf(cannotMount)(
  `when the object still fits but its row does not, neither is kept and the version before stays${skipped}`,
  async () => {
    const { disk, server } = await onSmallDisk()
    const { slot } = await signUp(server)
    expect((await slot.put(random.bytes(32), 0)).status).toBe(200)
    let version = 1
    // One page for the object, and one for a database that needs several.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      disk.empty()
      disk.fill(2 * 4096)
      const answer = await slot.put(random.bytes(32), version)
      if (answer.status === 200) version += 1
      else expect(answer).toMatchObject(noSpace)
    }
    expect((await slot.head()).version).toBe(version)

    // Signing in needs the database alone. An answer that it is full must not have spent the token.
    disk.fill(0)
    expect([200, 507]).toContain(await slot.refresh())

    disk.empty()
    expect(await slot.refresh()).toBe(200)
    expect(await slot.put(random.bytes(32), version)).toMatchObject({ status: 200, version: version + 1 })
    await expectNothingHalfStored(server)
  },
)

test.skipIf(cannotMount)(
  `an operation that finds the disk full is refused and leaves its index free, and the log can still be read${skipped}`,
  async () => {
    const { disk, server } = await onSmallDisk()
    const phone = new Device(server)
    expect((await phone.send('first')).status).toBe(200)
    for (const payload of ['short', 'x'.repeat(200_000)]) {
      disk.fill(0)
      for (let times = 0; times < 3; times += 1) {
        const refused = await phone.send(payload)
        expect([refused.status, refused.error]).toEqual([507, 'quota_exceeded'])
        phone.next -= 1
      }
      expect((await phone.another().fetch()).lines).toHaveLength(phone.next)
      disk.empty()
      expect((await phone.send(payload)).status).toBe(200)
    }
    expect((await phone.another().fetch()).lines.map((line) => line.payload.length)).toEqual([5, 5, 200_000])
    expect(partialsOnDisk(disk.folder)).toEqual([])
  },
)

test.skipIf(cannotMount)(`on a disk full of backups people still sign in and get them back${skipped}`, async () => {
  const { disk, server } = await onSmallDisk()
  const person = await signUp(server)
  const kept = await fillUp(person.slot)
  expect(await person.slot.refresh()).toBe(200)
  const again = await signIn(server, person)
  expect(await again.get()).toMatchObject({ status: 200, ...kept })
  expect(disk.free()).toBeGreaterThan(0)
})

test.skipIf(cannotMount)(`a server that starts on a full disk gives back what it has${skipped}`, async () => {
  const { disk, server } = await onSmallDisk()
  const { slot, ...person } = await signUp(server)
  const bytes = random.bytes(500_000)
  expect((await slot.put(bytes, 0)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  disk.fill(0)

  await using again = runProgram(disk.folder)
  const here = { url: await again.serving() }
  expect(await slot.at(here).get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
  disk.empty()
  expect(await (await signIn(here, { slot, ...person })).get()).toMatchObject({ status: 200, version: 1 })
})

test.skipIf(cannotMount)(`on a disk full of old versions the reaper makes room${skipped}`, async () => {
  using clock = wallClock()
  const { disk, server } = await onSmallDisk({ preload: [shiftClock], env: clock.env })
  const person = await signUp(server)
  const kept = await fillUp(person.slot)
  expect(await server.stop()).toBe(0)
  clock.pass(31 * day)
  await server.restart()
  await until('there is room', () => disk.free() > 4 * mebibyte)
  const slot = await signIn(server, person)
  expect(await slot.get()).toMatchObject({ status: 200, ...kept })
  expect((await slot.put(random.bytes(2 * mebibyte), kept.version)).status).toBe(200)
})

async function onSmallDisk(options: StartOptions = {}): Promise<{ disk: SmallDisk; server: TestServer }> {
  const disk = smallDisk(24)
  onTestFinished(() => disk[Symbol.dispose]())
  const server = await startServer({ ...options, dataFolder: disk.folder })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return { disk, server }
}

/** Overwrite a slot, each version kept as history, until one does not fit any more. */
async function fillWithBackups(slot: CloudSlot, size: number, from = 0): Promise<{ version: number; hash: string }> {
  let kept = { version: from, hash: '' }
  for (;;) {
    const bytes = random.bytes(size)
    const answer = await slot.put(bytes, kept.version)
    if (answer.status !== 200) {
      expect(answer).toMatchObject(noSpace)
      return kept
    }
    kept = { version: kept.version + 1, hash: sha256(bytes) }
    expect(answer.version).toBe(kept.version)
  }
}

/** To the last byte that uploads can have: at the end in the smallest steps that the disk knows. */
async function fillUp(slot: CloudSlot): Promise<{ version: number; hash: string }> {
  let kept = { version: 0, hash: '' }
  for (const size of [2 * mebibyte, 64 * 1024, 4096]) {
    const more = await fillWithBackups(slot, size, kept.version)
    if (more.version > kept.version) kept = more
  }
  return kept
}

async function expectNothingHalfStored(server: TestServer): Promise<void> {
  expect(await server.stop()).toBe(0)
  const { dataFolder } = server
  expect(databaseFaults(dataFolder)).toEqual([])
  expect(brokenRows(dataFolder)).toEqual([])
  expect(objectsOnDisk(dataFolder)).toEqual(objectRows(dataFolder).map(({ id }) => id))
  expect(partialsOnDisk(dataFolder)).toEqual([])
}
