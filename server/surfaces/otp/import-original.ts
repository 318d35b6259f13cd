import { createHash } from 'node:crypto'
import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { countEvents, recordEvent } from '#server/notices/audit.ts'
import { importBcrypt } from '#server/people/imported-hash.ts'
import { isAcceptableEmail, normalName } from '#server/people/names.ts'
import { unusablePassword } from '#server/people/passwords.ts'
import { insertAccount, readAccountByName } from '#server/people/store.ts'
import type { OriginalDatabase, OriginalDevice, OriginalOtp, OriginalUser } from './import-source.ts'
import { keepOriginalSecret } from './seal-secret.ts'
import { claimImport, claimUserId, insertDevice, insertOtp, nextId } from './store.ts'
import { writeStretching } from './stretching.ts'
import { keepOriginalKey, stretchingOfOriginal } from './wrap-master-key.ts'

export type ImportSummary = {
  accounts: {
    imported: number
    /** There before, and left as they are. */
    present: number
    /** Imported, but their owners need a reset link. */
    withoutPassword: number
  }
  devices: { imported: number; present: number }
  otps: { imported: number }
  /** What could not be taken over, and why. */
  problems: Array<{ key: string; reason: string }>
}

/** Nonce, tag and text of a SimpleBox; the master key has 32 bytes (otp §5). */
const smallestBox = 40
const wrappedKeyBytes = 72

/**
 * Take people, devices and OTPs over from the original. Nobody's PIN is needed: a device stays as the original wrapped
 * it, with the server's key around that, until its owner opens it.
 *
 * Can be run again: a device comes with all its OTPs or not at all, and one that was taken over before is left alone,
 * also when it was deleted here since. Devices go only to accounts that an import made, so that whoever registers
 * somebody else's address beforehand is handed nothing.
 */
export async function importOriginal(ctx: Context, original: OriginalDatabase): Promise<ImportSummary> {
  const summary: ImportSummary = {
    accounts: { imported: 0, present: 0, withoutPassword: 0 },
    devices: { imported: 0, present: 0 },
    otps: { imported: 0 },
    problems: [],
  }
  const users = original.users()
  for (const user of users) {
    const accountId = await attempt(summary, `user ${user.id}`, () => importUser(ctx, user, users, summary))
    if (!accountId) continue
    for (const device of original.devicesOf(user.id))
      await attempt(summary, `device ${device.id}`, () =>
        importDevice(ctx, accountId, device, original.otpsOf(device.id), summary),
      )
  }
  return summary
}

/** @returns the account that the person's devices go to */
async function importUser(
  ctx: Context,
  user: OriginalUser,
  users: OriginalUser[],
  { accounts }: ImportSummary,
): Promise<string> {
  const email = normalName(user.email)
  if (!isAcceptableEmail(email)) throw new NotTaken('not an e-mail address that can sign in here')
  // To the original, letter case made two people; one of them keeps the address.
  const sameName = users.filter((one) => normalName(one.email) === email)
  const first = sameName.find((one) => one.email === email) ?? sameName[0]
  if (first && first.id !== user.id) throw new NotTaken(`user ${first.id} has the same address in other letter case`)

  const passwordHash = importBcrypt(user.passwordDigest) ?? unusablePassword
  const { id, isNew } = await ctx.db.write((tx) => {
    const present = readAccountByName(tx, email)
    if (present) return { id: present.id, isNew: false }
    const made = ctx.ids.uuid()
    insertAccount(tx, { id: made, email, passwordHash, role: 'member', createdAt: ctx.clock.now() })
    claimUserId(tx, made)
    recordEvent(ctx, tx, { event: 'account.imported', accountId: made, details: { from: 'otp-backup' } })
    return { id: made, isNew: true }
  })
  if (isNew) accounts.imported++
  else accounts.present++
  if (isNew && passwordHash === unusablePassword) accounts.withoutPassword++
  if (countEvents(ctx.db.read, { event: 'account.imported', accountId: id, since: 0 }) === 0)
    throw new NotTaken('its account was not made by an import; its devices are left out')
  return id
}

async function importDevice(
  ctx: Context,
  accountId: string,
  device: OriginalDevice,
  otps: OriginalOtp[],
  summary: ImportSummary,
): Promise<void> {
  const salt = fromBase64(device.salt)
  const wrapped = fromBase64(device.masterPassword)
  if (salt?.length !== 32 || wrapped?.length !== wrappedKeyBytes) throw new NotTaken('its key is damaged')
  const secrets = otps.flatMap((otp) => {
    const box = fromBase64(otp.secret)
    if (box && box.length >= smallestBox) return [{ account: otp.account, box }]
    summary.problems.push({ key: `otp ${otp.id}`, reason: 'its secret is damaged' })
    return []
  })
  const key = createHash('sha256').update(salt).update(wrapped).digest('hex')
  const isNew = await ctx.db.write((tx) => {
    if (!claimImport(tx, key)) return false
    keepDevice(ctx, tx, { accountId, name: device.name, salt, wrapped, createdAt: timeOf(ctx, device) }, secrets)
    return true
  })
  if (!isNew) summary.devices.present++
  else {
    summary.devices.imported++
    summary.otps.imported += secrets.length
  }
}

type Kept = { accountId: string; name: string; salt: Buffer; wrapped: Buffer; createdAt: number }

function keepDevice(ctx: Context, tx: Orm, device: Kept, secrets: Array<{ account: string; box: Buffer }>): void {
  const { accountId, name, salt, wrapped, createdAt } = device
  const deviceId = nextId(tx, 'otp_devices')
  const wrappedKey = keepOriginalKey(ctx.secrets.serverKey, deviceId, wrapped, (bytes) => ctx.ids.random(bytes))
  const stretching = writeStretching(stretchingOfOriginal, salt)
  insertDevice(tx, { id: deviceId, accountId, name, stretching, wrappedKey, createdAt })
  const first = nextId(tx, 'otps')
  for (const [at, { account, box }] of secrets.entries())
    insertOtp(tx, { id: first + at, deviceId, account, secret: keepOriginalSecret(box), createdAt })
}

/** Rails writes `2018-12-09 01:11:04.123456`, in UTC. */
function timeOf(ctx: Context, { createdAt }: OriginalDevice): number {
  const at = Date.parse(`${createdAt.replace(' ', 'T')}Z`)
  return Number.isNaN(at) ? ctx.clock.now() : at
}

/** RFC 2045: lines of sixty characters. @returns null for what is no base64 */
function fromBase64(text: string): Buffer | null {
  const bare = text.replace(/\s+/g, '')
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare)
    ? Buffer.from(bare, 'base64')
    : null
}

/** Why something is left out, in words for the keeper. */
class NotTaken extends Error {}

async function attempt<T>(summary: ImportSummary, key: string, task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task()
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error
    summary.problems.push({ key, reason: error.message })
    return undefined
  }
}
