import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { addDevice, signUp, slot } from '#e2e/support/cloud.ts'
import { hurryJobs } from '#e2e/support/disaster-clock.ts'
import { databaseFaults, inDatabase, objectsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { personOf, register } from '#e2e/support/personas.ts'
import { startServer } from '#e2e/support/server.ts'

const count = (folder: string, table: string, where = '1 = 1') =>
  inDatabase(
    folder,
    (sqlite) => (sqlite.prepare(`select count(*) as n from ${table} where ${where}`).get() as { n: number }).n,
  )

/** Make somebody one whose grace period is over; the page does it with words, this at once. */
function makeDue(folder: string, name: string): string {
  const sqlite = new Sqlite(join(folder, 'hearthkeep.sqlite'))
  const { id } = sqlite.prepare('select id from accounts where email = ? or username = ?').get(name, name) as {
    id: string
  }
  sqlite.prepare('update accounts set disabled_at = 1, delete_at = 2 where id = ?').run(id)
  sqlite.close()
  return id
}

/** So much that the job takes more than one step of each kind: rows that point to objects, and many that do not. */
function stuff(folder: string, accountId: string): void {
  const sqlite = new Sqlite(join(folder, 'hearthkeep.sqlite'))
  const blob = sqlite.prepare(
    "insert into blobs (id, size, sha256, state, owner_kind, owner_id, account_id, version, created_at) values (?, 1, '', 'live', 'persona', ?, ?, 1, 0)",
  )
  const persona = sqlite.prepare("insert into personas values (?, ?, 'application/zip', ?, 1, 0)")
  const event = sqlite.prepare(
    "insert into audit_events values (?, unixepoch() * 1000, ?, 'session.opened', '192.168.1.7', '{}')",
  )
  sqlite.transaction(() => {
    for (let at = 0; at < 4_000; at++) {
      const id = `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
      blob.run(id, `${accountId}/p${at}`, accountId)
      persona.run(accountId, `p${at}`, id)
      event.run(`event ${at}`, accountId)
    }
    sqlite
      .prepare('insert into oplog_users (user_hash, account_id, created_at) values (?, ?, 0)')
      .run('their log', accountId)
  })()
  sqlite.close()
}

test('a server killed again and again while it deletes an account deletes all of it, and nothing else', {
  timeout: 120_000,
}, async () => {
  await using server = await startServer({ preload: [hurryJobs] })
  const folder = server.dataFolder
  const leaver = await register(server.url)
  expect((await leaver.put('work', Buffer.from('gone'))).status).toBe(200)
  const stayer = await signUp(server.url)
  const device = await addDevice(server.url, stayer.token)
  expect((await slot(server.url, device.token).put(Buffer.alloc(64, 1), { 'If-None-Match': '*' })).status).toBe(200)
  const kept = objectsOnDisk(folder).length - 1
  await server.stop()

  stuff(folder, makeDue(folder, leaver.email))
  const left = () => [
    count(folder, 'personas'),
    count(folder, 'blobs', "state = 'live'"),
    count(folder, 'audit_events', "address = '192.168.1.7'"),
  ]
  const seen = new Set([left().join()])
  for (let life = 0; life < 20 && count(folder, 'accounts', 'delete_at > 0') > 0; life++) {
    await server.restart()
    await server.stop('SIGKILL')
    seen.add(left().join())
    expect(databaseFaults(folder)).toEqual([])
  }
  // Killed half-way at least once, or this test shows nothing.
  expect(seen.size).toBeGreaterThan(2)
  await server.restart()
  await until('the account is gone', () => count(folder, 'accounts', 'delete_at > 0') === 0)
  await until(
    'its objects are gone',
    () => count(folder, 'blobs') === kept && objectsOnDisk(folder).length === kept,
    60,
  )
  await until('its log is gone', () => count(folder, 'oplog_users') === 0)
  expect(count(folder, 'personas')).toBe(0)
  expect(count(folder, 'audit_events', "event = 'session.opened' and address = '192.168.1.7'")).toBe(0)
  expect(count(folder, 'audit_events', "event = 'account.deleted'")).toBe(1)
  expect((await personOf(server.url, leaver.email).list()).status).toBe(401)
  expect((await slot(server.url, device.token).get()).status).toBe(200)
  expect(databaseFaults(folder)).toEqual([])
})
