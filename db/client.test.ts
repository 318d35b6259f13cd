import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from './client.ts'
import { DatabaseTooNew } from './migration-state.ts'
import { settings } from './schema/index.ts'
import { migrationsFolder, testDatabase } from './testing.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-db-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('writes handed in together are all there after one of them failed', async () => {
  using db = testDatabase()
  const outcomes = await Promise.allSettled([
    db.write((tx) => tx.insert(settings).values({ name: 'a', value: '1' }).run()),
    db.write((tx) => {
      tx.insert(settings).values({ name: 'b', value: '2' }).run()
      throw new Error('changed my mind')
    }),
    db.write((tx) => tx.insert(settings).values({ name: 'c', value: '3' }).run()),
  ])
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(db.read.select().from(settings).all()).toEqual([
    { name: 'a', value: '1' },
    { name: 'c', value: '3' },
  ])
})

test('a database written by a newer program is refused in words', () => {
  const path = join(folder, 'house.sqlite')
  openDatabase({ path, migrationsFolder }).close()
  const raw = new Sqlite(path)
  raw.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('future', Date.now() * 2)
  raw.close()
  expect(() => openDatabase({ path, migrationsFolder })).toThrow(DatabaseTooNew)
})

test('an older database is copied before it is migrated', () => {
  const path = join(folder, 'house.sqlite')
  const raw = new Sqlite(path)
  raw.exec('create table from_before (x); insert into from_before values (7)')
  raw.close()
  let snapshot = ''
  openDatabase({
    path,
    migrationsFolder,
    onMigrate: (file) => {
      snapshot = file
    },
  }).close()
  expect(readdirSync(join(folder, 'snapshots'))).toHaveLength(1)
  const copy = new Sqlite(snapshot, { readonly: true })
  expect(copy.prepare('select x from from_before').get()).toEqual({ x: 7 })
  copy.close()
})

test('a fresh database needs no snapshot', () => {
  openDatabase({ path: join(folder, 'house.sqlite'), migrationsFolder }).close()
  expect(existsSync(join(folder, 'snapshots'))).toBe(false)
})
