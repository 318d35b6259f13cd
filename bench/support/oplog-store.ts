import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

/** Characters of a payload: what RSA-OAEP with 2048 bits makes of an operation, in base64. */
const payloadLength = 344

/**
 * Put operations of one key straight into the database of a stopped server, exactly as uploads would have left them:
 * sending a million would take an hour of fsyncs and measure nothing that counts here.
 *
 * @returns the key's clients, each with its last index
 */
export function seedOperations(
  dataFolder: string,
  { user, count, clients }: { user: string; count: number; clients: number },
): Record<string, number> {
  const sqlite = new Sqlite(join(dataFolder, 'hearthkeep.sqlite'))
  try {
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('foreign_keys = ON')
    const hash = createHash('sha256').update(user).digest('hex')
    const now = Date.now()
    const insertUser = sqlite.prepare(
      'insert into oplog_users (user_hash, operations, bytes, clients, created_at) values (?, ?, ?, ?, ?)',
    )
    const insertClient = sqlite.prepare(
      `insert into oplog_clients (user_id, client_id, client_key, highest, contiguous, in_order, operations, first_seq,
        last_seq) values (?, ?, ?, ?, ?, 1, ?, ?, ?)`,
    )
    const insert = sqlite.prepare(
      `insert into operations (user_id, client, operation_index, md5, sha256, size, line, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    const ids = Array.from({ length: clients }, () => randomUUID())
    const each = count / clients
    sqlite.transaction(() => {
      const first = Number(
        (sqlite.prepare('select coalesce(max(seq), 0) as s from operations').get() as { s: number }).s,
      )
      const userId = insertUser.run(hash, count, count * payloadLength, clients, now).lastInsertRowid
      const rows = ids.map(
        (id, place) =>
          insertClient.run(
            userId,
            id,
            id,
            each - 1,
            each - 1,
            each,
            first + place + 1,
            first + count - clients + place + 1,
          ).lastInsertRowid,
      )
      const payload = createHash('sha512')
        .update(user)
        .digest('base64')
        .repeat(4)
        .slice(0, payloadLength - 8)
      for (let index = 0; index < each; index += 1)
        for (const [place, id] of ids.entries()) {
          const json = JSON.stringify(`${payload}${String(index * clients + place).padStart(8, '0')}`)
          const line = `{"client_id":"${id}","operation_index":${index},"payload":${json}}\n`
          const [md5, sha256] = [createHash('md5').update(json.slice(1, -1)), createHash('sha256').update(json)]
          insert.run(userId, rows[place], index, md5.digest(), sha256.digest(), payloadLength, line, now)
        }
    })()
    return Object.fromEntries(ids.map((id) => [id, each - 1]))
  } finally {
    sqlite.close()
  }
}
