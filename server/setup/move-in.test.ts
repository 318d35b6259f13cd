import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataFolderInUse, lockDataFolder } from '#server/config/lock-data-folder.ts'
import { incomingFolder } from '#server/config/restoring.ts'
import { createAccount } from '#server/people/create-account.ts'
import { testHome } from '#server/testing.ts'
import { markForMovingIn, moveIn, moveInFile } from './move-in.ts'
import { requireNothingKept } from './nothing-kept.ts'

/** A data folder with something old in it, and something whole that waits to take over. */
function folders() {
  const data = mkdtempSync(join(tmpdir(), 'hearthkeep-move-in-'))
  const write = (path: string, text: string) => {
    mkdirSync(join(data, path, '..'), { recursive: true })
    writeFileSync(join(data, path), text)
  }
  for (const name of ['hearthkeep.sqlite', 'secrets.json', 'blobs/aa/one', 'only-old']) write(name, 'old')
  for (const name of ['hearthkeep.sqlite', 'secrets.json', 'blobs/bb/two', 'tls/ca.pem'])
    write(join(incomingFolder, name), 'new')
  return { data, [Symbol.dispose]: () => rmSync(data, { recursive: true, force: true }) }
}

const restored = ['before-restore', 'blobs', 'hearthkeep.sqlite', 'lock.sqlite', 'secrets.json', 'tls']

test('without a mark nothing moves', async () => {
  using home = folders()
  expect(await moveIn(home.data)).toBeNull()
  expect(readFileSync(join(home.data, 'secrets.json'), 'utf8')).toBe('old')
})

test('what was restored takes the place of what was there, and nothing of that is left in it', async () => {
  using home = folders()
  await markForMovingIn(home.data, 'a snapshot')
  expect(await moveIn(home.data)).toBe('a snapshot')
  expect(readdirSync(home.data).sort()).toEqual(restored)
  expect(readdirSync(join(home.data, 'blobs'))).toEqual(['bb'])
  expect(readFileSync(join(home.data, 'hearthkeep.sqlite'), 'utf8')).toBe('new')
  // That was no database, so nobody can say that it held nothing.
  expect(readdirSync(join(home.data, 'before-restore')).sort()).toEqual([
    'blobs',
    'hearthkeep.sqlite',
    'only-old',
    'secrets.json',
  ])
  expect(await moveIn(home.data)).toBeNull()
})

test('stopped after any of its steps, the next start ends up with the same', async () => {
  for (let steps = 0; steps < 12; steps += 1) {
    using home = folders()
    await markForMovingIn(home.data, 'a snapshot')
    let taken = 0
    const stop = () => {
      if (taken++ === steps) throw new Error('the power is gone')
    }
    await moveIn(home.data, stop).catch(() => {})
    expect(await moveIn(home.data).then((snapshot) => snapshot ?? 'a snapshot')).toBe('a snapshot')
    expect(readdirSync(home.data).sort(), `after ${steps} steps`).toEqual(restored)
    expect(readFileSync(join(home.data, 'secrets.json'), 'utf8')).toBe('new')
    expect(readdirSync(join(home.data, 'blobs'))).toEqual(['bb'])
  }
})

test('a server that runs on the folder is left alone', async () => {
  using home = folders()
  await markForMovingIn(home.data, 'a snapshot')
  using _lock = lockDataFolder(home.data)
  await expect(moveIn(home.data)).rejects.toBeInstanceOf(DataFolderInUse)
  expect(existsSync(join(home.data, moveInFile))).toBe(true)
  expect(readFileSync(join(home.data, 'secrets.json'), 'utf8')).toBe('old')
})

test('an empty server is removed with what it had; one in which somebody stored something is kept', async () => {
  for (const isEmpty of [true, false]) {
    await using home = await testHome()
    expect(() => requireNothingKept(home.ctx.db.read)).not.toThrow()
    if (!isEmpty) await createAccount(home.ctx, { username: 'late', password: 'a password' }, null)
    if (!isEmpty) expect(() => requireNothingKept(home.ctx.db.read)).toThrow()
    using data = folders()
    for (const end of ['', '-wal']) copyFileSync(home.ctx.db.path + end, join(data.data, `hearthkeep.sqlite${end}`))
    await markForMovingIn(data.data, 'a snapshot')
    await moveIn(data.data)
    expect(existsSync(join(data.data, 'before-restore'))).toBe(!isEmpty)
  }
})
