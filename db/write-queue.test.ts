import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Orm } from './client.ts'
import * as schema from './schema/index.ts'
import { WriteQueue } from './write-queue.ts'

let folder: string
let sqlite: Sqlite.Database
let queue: WriteQueue

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-queue-'))
  sqlite = new Sqlite(join(folder, 'queue.sqlite'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.exec('create table kept (id integer primary key, text text unique not null)')
  queue = new WriteQueue(sqlite, drizzle(sqlite, { schema }))
})
afterEach(() => {
  sqlite.close()
  rmSync(folder, { recursive: true, force: true })
})

test('tasks run in the order they were handed in and see what came before', async () => {
  const seen = await Promise.all(
    ['a', 'b', 'c'].map((text) =>
      queue.write((tx) => {
        keep(tx, text)
        return texts()
      }),
    ),
  )
  expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']])
})

test('what arrives together is committed together, once', async () => {
  const other = new Sqlite(join(folder, 'queue.sqlite'), { readonly: true })
  const before = dataVersion(other)
  await Promise.all(Array.from({ length: 50 }, (_, index) => queue.write((tx) => keep(tx, `${index}`))))
  expect(texts()).toHaveLength(50)
  expect(dataVersion(other)).toBe(before + 1)
  other.close()
})

test('nobody is told before it is durable: another connection sees it by then', async () => {
  const other = new Sqlite(join(folder, 'queue.sqlite'), { readonly: true })
  await queue.write((tx) => keep(tx, 'a'))
  expect(other.prepare('select text from kept').pluck().all()).toEqual(['a'])
  other.close()
})

describe('a task that fails', () => {
  test('undoes all of its own and nothing of the others', async () => {
    const failure = new Error('changed my mind')
    const outcomes = await Promise.allSettled([
      queue.write((tx) => keep(tx, 'a')),
      queue.write((tx) => {
        keep(tx, 'b')
        keep(tx, 'c')
        throw failure
      }),
      queue.write((tx) => keep(tx, 'd')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: failure })
    expect(texts()).toEqual(['a', 'd'])
  })

  test('on a constraint is told so in SQLite’s own words, not as a fault of the store', async () => {
    await queue.write((tx) => keep(tx, 'a'))
    await expect(queue.write((tx) => keep(tx, 'a'))).rejects.toMatchObject({
      cause: { code: 'SQLITE_CONSTRAINT_UNIQUE' },
    })
    expect(texts()).toEqual(['a'])
  })

  test('does not hold up the next ones', async () => {
    for (let round = 0; round < 100; round += 1)
      await Promise.allSettled([queue.write(() => Promise.reject.bind(null)), queue.write(fails), queue.write(fails)])
    await queue.write((tx) => keep(tx, 'a'))
    expect(sqlite.inTransaction).toBe(false)
    expect(texts()).toEqual(['a'])
  })
})

describe('a full disk', () => {
  /** As many pages as there are now: SQLite says SQLITE_FULL at the next one. */
  const fill = () => sqlite.pragma(`max_page_count = ${sqlite.pragma('page_count', { simple: true })}`)
  const empty = () => sqlite.pragma('max_page_count = 4294967294')
  const large = 'x'.repeat(20_000)

  test('fails what does not fit as store.full, and keeps what was committed before', async () => {
    await queue.write((tx) => keep(tx, 'a'))
    fill()
    await expect(queue.write((tx) => keep(tx, large))).rejects.toMatchObject({ code: 'store.full', status: 507 })
    expect(texts()).toEqual(['a'])
    expect(sqlite.inTransaction).toBe(false)
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  test('fails nobody silently: each task of the batch is either kept or rejected', async () => {
    fill()
    const wanted = ['a', large, 'b', `${large}y`, 'c']
    const outcomes = await Promise.allSettled(wanted.map((text) => queue.write((tx) => keep(tx, text))))
    const kept = wanted.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    expect(texts()).toEqual(kept)
    expect(kept).not.toContain(large)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'store.full' })
  })

  test('does not undo half of a task that met it at its second write', async () => {
    fill()
    const task = queue.write((tx) => {
      keep(tx, 'a')
      keep(tx, large)
    })
    await expect(task).rejects.toMatchObject({ code: 'store.full' })
    expect(texts()).toEqual([])
  })

  test('takes writes again as soon as there is room', async () => {
    fill()
    await expect(queue.write((tx) => keep(tx, large))).rejects.toMatchObject({ code: 'store.full' })
    empty()
    await queue.write((tx) => keep(tx, large))
    expect(texts()).toEqual([large])
  })
})

test('another process that holds the database makes it unavailable for a while, not for ever', async () => {
  sqlite.pragma('busy_timeout = 50')
  const other = new Sqlite(join(folder, 'queue.sqlite'))
  other.exec('begin immediate')
  const outcomes = await Promise.allSettled(['a', 'b'].map((text) => queue.write((tx) => keep(tx, text))))
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'store.unavailable' } })
  other.exec('rollback')
  other.close()
  await queue.write((tx) => keep(tx, 'c'))
  expect(texts()).toEqual(['c'])
})

test('what waits is committed when the queue is flushed, as at the end of the process', async () => {
  const writing = queue.write((tx) => keep(tx, 'a'))
  queue.flush()
  expect(texts()).toEqual(['a'])
  await writing
})

test('a write handed in by somebody who was just told of the last one is not forgotten', async () => {
  await Promise.all(
    Array.from({ length: 20 }, async (_, writer) => {
      for (let turn = 0; turn < 20; turn += 1) await queue.write((tx) => keep(tx, `${writer} ${turn}`))
    }),
  )
  expect(texts()).toHaveLength(400)
})

function keep(tx: Orm, text: string): void {
  tx.run(sql`insert into kept (text) values (${text})`)
}

function fails(): never {
  throw new Error('no')
}

function texts(): string[] {
  return sqlite.prepare('select text from kept order by id').pluck().all() as string[]
}

/** Changes once for every commit by somebody else. */
function dataVersion(other: Sqlite.Database): number {
  return other.pragma('data_version', { simple: true }) as number
}
