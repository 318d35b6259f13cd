import { GraphQLError, type GraphQLResolveInfo } from 'graphql'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { closeOtpSession } from '#server/people/otp-session.ts'
import { readAccount } from '#server/people/store.ts'
import { addDevice } from './add-device.ts'
import { addOtps } from './add-otp.ts'
import { changeDevicePassword, deleteDevice, renameDevice } from './change-device.ts'
import { deleteOtp, renameOtp } from './change-otp.ts'
import { wordsFor } from './errors.ts'
import { readOtpauth } from './read-otpauth.ts'
import { type ReadOtp, readOtps } from './read-otps.ts'
import { registerUser } from './register-user.ts'
import { signInUser } from './sign-in-user.ts'
import { claimUserId, type DeviceRow, listDevices, type OtpRow, pagesOfOtps, readUserId } from './store.ts'
import { requireActor, tell, tellMany, tellRows, tellText, type Visit } from './visit.ts'

type Given = Record<string, unknown>
type User = { accountId: string; email: string | null }

const query = {
  devices(_: unknown, _given: Given, visit: Visit) {
    const { accountId } = requireActor(visit)
    return tellRows(visit, () => listDevices(visit.ctx.db.read, accountId).map(deviceAnswer))
  },

  async otps(_: unknown, given: { device_id: number; password: string }, visit: Visit) {
    const actor = requireActor(visit)
    const device = { deviceId: given.device_id, password: given.password }
    return tellMany(visit, [await readOtps(visit.ctx, actor, device, visit.address)])
  },
}

const mutation = {
  async registerUser(_: unknown, given: { email?: string | null; password?: string | null }, visit: Visit) {
    const { email, password } = given
    if (email == null || password == null) return null
    return registerUser(visit.ctx, { email, password }, visit.address)
  },

  async signInUser(_: unknown, given: { email?: string | null; password?: string | null }, visit: Visit) {
    const { email, password } = given
    if (email == null || password == null) return null
    const signedIn = await signInUser(visit.ctx, { email, password }, visit)
    return signedIn && { token: signedIn.token, user: signedIn }
  },

  async addDevice(_: unknown, given: { name?: string | null; password?: string | null }, visit: Visit) {
    const actor = requireActor(visit)
    const { name, password } = given
    if (name == null || password == null) return null
    return addDevice(visit.ctx, actor, { name, password }, visit.address)
  },

  async addOtp(
    _: unknown,
    given: { account?: string | null; secret?: string | null; device_id?: number | null; password?: string | null },
    visit: Visit,
  ) {
    const actor = requireActor(visit)
    const { account, secret, device_id: deviceId, password } = given
    if (account == null || secret == null || password == null)
      throw new Problem('input.invalid', { message: 'Missing parameters.' })
    if (deviceId == null) throw new Problem('otp.device_unknown')
    const [added] = await addOtps(visit.ctx, actor, { deviceId, password }, [{ account, secret }], visit.address)
    return added
  },

  async importOtps(_: unknown, given: { device_id: number; password: string; uris: string[] }, visit: Visit) {
    const actor = requireActor(visit)
    const device = { deviceId: given.device_id, password: given.password }
    return addOtps(visit.ctx, actor, device, given.uris.map(readOtpauth), visit.address)
  },

  async renameDevice(_: unknown, given: { device_id: number; name: string }, visit: Visit) {
    const device = { deviceId: given.device_id, name: given.name }
    return deviceAnswer(await renameDevice(visit.ctx, requireActor(visit), device))
  },

  async changeDevicePassword(
    _: unknown,
    given: { device_id: number; password: string; new_password: string },
    visit: Visit,
  ) {
    const change = { deviceId: given.device_id, password: given.password, newPassword: given.new_password }
    return deviceAnswer(await changeDevicePassword(visit.ctx, requireActor(visit), change, visit.address))
  },

  async deleteDevice(_: unknown, given: { device_id: number }, visit: Visit) {
    return deviceAnswer(await deleteDevice(visit.ctx, requireActor(visit), given.device_id, visit.address))
  },

  async renameOtp(_: unknown, given: { otp_id: number; account: string }, visit: Visit) {
    const { otp, device } = await renameOtp(visit.ctx, requireActor(visit), {
      otpId: given.otp_id,
      account: given.account,
    })
    return otpAnswer(otp, device)
  },

  async deleteOtp(_: unknown, given: { otp_id: number }, visit: Visit) {
    const { otp, device } = await deleteOtp(visit.ctx, requireActor(visit), given.otp_id, visit.address)
    return otpAnswer(otp, device)
  },

  async signOut(_: unknown, _given: Given, visit: Visit) {
    await closeOtpSession(visit.ctx, requireActor(visit))
    // Fields that come after it in the same document are nobody's.
    visit.actor = null
    return true
  },
}

const user = {
  async id({ accountId }: User, _: Given, { ctx }: Visit) {
    return readUserId(ctx.db.read, accountId) ?? ctx.db.write((tx) => claimUserId(tx, accountId))
  },
  email: ({ email }: User, _: Given, visit: Visit) => tellText(visit, email),
  /** The original echoed it (otp §6.7). */
  password: () => null,
  devices: ({ accountId }: User, _: Given, visit: Visit) =>
    tellRows(visit, () => listDevices(visit.ctx.db.read, accountId).map(deviceAnswer)),
}

type DeviceAnswer = ReturnType<typeof deviceAnswer>

function deviceAnswer({ id, accountId, name }: DeviceRow) {
  return { id, accountId, name }
}

const device = {
  name: ({ name }: DeviceAnswer, _: Given, visit: Visit) => tellText(visit, name),
  /** Whoever holds it could try PINs on it at home (otp §6.3). */
  master_password: () => null,
  otps: (of: DeviceAnswer, _: Given, visit: Visit) => tellMany(visit, otpAnswers(visit, of)),
  user: ({ accountId }: DeviceAnswer, _: Given, visit: Visit) =>
    tell(visit, { accountId, email: readAccount(visit.ctx.db.read, accountId)?.email ?? null }),
}

function* otpAnswers({ ctx }: Visit, of: DeviceAnswer) {
  for (const rows of pagesOfOtps(ctx.db.read, of.id)) yield rows.map((row) => otpAnswer(row, of))
}

/** Without the password a secret is what is kept of it, sealed, in base64 (otp §3). */
function otpAnswer(row: OtpRow, of: Pick<DeviceRow, 'id' | 'accountId' | 'name'>) {
  return { id: row.id, account: row.account, secret: row.secret.toString('base64'), device: of }
}

type OtpAnswer = ReturnType<typeof otpAnswer> | ReadOtp

const otp = {
  account: ({ account }: OtpAnswer, _: Given, visit: Visit) => tellText(visit, account),
  secret({ secret }: OtpAnswer, _: Given, visit: Visit) {
    if (isProblem(secret)) throw secret
    return tellText(visit, secret)
  },
  /** Null in what `Query.otps` lists (otp §3). */
  device: (of: OtpAnswer, _: Given, visit: Visit) => ('device' in of ? tell(visit, of.device) : null),
}

type Resolver = (parent: never, given: never, visit: Visit, info: GraphQLResolveInfo) => unknown

/** Resolvers of one type that say our problems in the words of their field. */
function spoken(fields: Record<string, Resolver>): Record<string, Resolver> {
  return Object.fromEntries(Object.entries(fields).map(([name, resolve]) => [name, speak(name, resolve)]))
}

function speak(field: string, resolve: Resolver): Resolver {
  const translate = (error: unknown): never => {
    if (!isProblem(error)) throw error
    throw new GraphQLError(wordsFor(error, field), { originalError: error })
  }
  return (...call) => {
    try {
      const answer = resolve(...call)
      return answer instanceof Promise ? answer.catch(translate) : answer
    } catch (error) {
      return translate(error)
    }
  }
}

export const resolvers = {
  Query: spoken(query),
  Mutation: spoken(mutation),
  User: spoken(user),
  Device: spoken(device),
  Otp: spoken(otp),
}
