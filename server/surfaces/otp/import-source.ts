import Sqlite from 'better-sqlite3'

export type OriginalUser = { id: number; email: string; passwordDigest: string }
export type OriginalDevice = { id: number; name: string; masterPassword: string; salt: string; createdAt: string }
export type OriginalOtp = { id: number; account: string; secret: string }

/** The original's database, read and never written. */
export type OriginalDatabase = Disposable & {
  users(): OriginalUser[]
  devicesOf(userId: number): OriginalDevice[]
  otpsOf(deviceId: number): OriginalOtp[]
}

/** Why a file cannot be imported, in words for the keeper. */
export class NotAnOriginal extends Error {}

/**
 * The SQLite file of the original (otp §5), as its last version fills it: with `users.password_digest` and
 * `devices.salt`.
 *
 * @throws NotAnOriginal for any other file
 */
export function openOriginal(path: string): OriginalDatabase {
  const db = open(path)
  try {
    const columns = (table: string) =>
      (db.pragma(`table_info(${table})`) as Array<{ name: string }>).map(({ name }) => name)
    requireColumns(columns('users'), ['id', 'email', 'password_digest'], 'users')
    requireColumns(columns('devices'), ['id', 'name', 'user_id', 'master_password', 'salt', 'created_at'], 'devices')
    requireColumns(columns('otps'), ['id', 'account', 'device_id', 'secret'], 'otps')
  } catch (error) {
    db.close()
    if (error instanceof NotAnOriginal) throw error
    throw new NotAnOriginal('This is not an SQLite database', { cause: error })
  }
  // Whatever a column was filled with comes as text.
  const text = (column: string) => `coalesce(cast(${column} as text), '')`
  const users = db.prepare(
    `select id, ${text('email')} email, ${text('password_digest')} passwordDigest from users order by id`,
  )
  const devices = db.prepare(
    `select id, ${text('name')} name, ${text('master_password')} masterPassword, ${text('salt')} salt, ${text('created_at')} createdAt from devices where user_id = ? order by id`,
  )
  const otps = db.prepare(
    `select id, ${text('account')} account, ${text('secret')} secret from otps where device_id = ? order by id`,
  )
  return {
    users: () => users.all() as OriginalUser[],
    devicesOf: (userId) => devices.all(userId) as OriginalDevice[],
    otpsOf: (deviceId) => otps.all(deviceId) as OriginalOtp[],
    [Symbol.dispose]: () => db.close(),
  }
}

function open(path: string): Sqlite.Database {
  try {
    return new Sqlite(path, { readonly: true, fileMustExist: true })
  } catch (error) {
    throw new NotAnOriginal(`The file ${path} cannot be opened`, { cause: error })
  }
}

function requireColumns(found: string[], expected: string[], table: string): void {
  const missing = expected.filter((name) => !found.includes(name))
  if (missing.length > 0) throw new NotAnOriginal(`The table "${table}" of the original has no ${missing.join(', ')}`)
}
