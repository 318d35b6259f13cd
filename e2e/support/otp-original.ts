import { randomBytes, scryptSync } from 'node:crypto'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { hashSync } from 'bcryptjs'
import Sqlite from 'better-sqlite3'

export type OriginalDevice = { name: string; pin: string; otps: Array<[account: string, secret: string]> }

/** A database as the original's Rails makes it: its tables, its hashes and its boxes (otp §5). */
export function writeOriginal(
  path: string,
  people: Array<{ email: string; password: string; devices: OriginalDevice[] }>,
): void {
  const db = new Sqlite(path)
  db.exec(`
    create table users (id integer primary key autoincrement not null, email varchar, password_digest varchar,
      created_at datetime not null, updated_at datetime not null);
    create table devices (id integer primary key autoincrement not null, name varchar, user_id integer, master_password varchar,
      created_at datetime not null, updated_at datetime not null, salt varchar);
    create table otps (id integer primary key autoincrement not null, account varchar, device_id integer, secret varchar,
      created_at datetime not null, updated_at datetime not null);
    create table schema_migrations (version varchar not null primary key)`)
  const at = '2018-12-09 01:11:04.123456'
  const insert = (table: string, row: Record<string, unknown>) => {
    const all = { ...row, created_at: at, updated_at: at }
    const names = Object.keys(all)
    const sql = `insert into ${table} (${names}) values (${names.map((name) => `@${name}`)})`
    return Number(db.prepare(sql).run(all).lastInsertRowid)
  }
  for (const { email, password, devices } of people) {
    const user_id = insert('users', { email, password_digest: hashSync(password, 12).replace(/^\$2b/, '$2a') })
    for (const { name, pin, otps } of devices) {
      const [salt, masterKey] = [randomBytes(32), randomBytes(32)]
      const pinKey = scryptSync(pin, salt, 32, { N: 16_384, r: 8, p: 2, maxmem: 64 * 1024 * 1024 })
      const master_password = encode64(simpleBox(pinKey, masterKey))
      const device_id = insert('devices', { name, user_id, master_password, salt: encode64(salt) })
      for (const [account, secret] of otps)
        insert('otps', { account, device_id, secret: encode64(simpleBox(masterKey, Buffer.from(secret))) })
    }
  }
  db.close()
}

/** rbnacl's SimpleBox: nonce ‖ tag ‖ text. */
function simpleBox(key: Buffer, text: Buffer): Buffer {
  const nonce = randomBytes(24)
  return Buffer.concat([nonce, xsalsa20poly1305(key, nonce).encrypt(text)])
}

/** Ruby's `Base64.encode64`: lines of sixty characters, each with its end. */
function encode64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,60}/g, '$&\n')
}
