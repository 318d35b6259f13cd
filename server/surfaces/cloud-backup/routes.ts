import { bytes, empty, json } from '#server/http/answers.ts'
import { announcedLength, arriving } from '#server/http/body.ts'
import { type EndpointSpec, endpoint } from '#server/http/endpoint.ts'
import { isFresh, readRange } from '#server/http/range.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import type { Route } from '#server/http/route-table.ts'
import { Problem } from '#server/kit/problem.ts'
import { authenticateBearer, authenticateDevice, type CloudActor } from '#server/people/bearer.ts'
import {
  type CloudSession,
  closeCloudSession,
  openCloudSession,
  refreshCloudSession,
} from '#server/people/cloud-session.ts'
import { createAccount } from '#server/people/create-account.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'
import { signIn as checkSignIn } from '#server/people/sign-in.ts'
import { addDevice, findDevice, removeDevice, renameDevice, replaceKeys } from './devices.ts'
import { cloudBackup } from './errors.ts'
import { alreadyHas, expectedVersion, promisedDigest } from './preconditions.ts'
import { etag, putSlot } from './put-slot.ts'
import { findSlot, openSlot, statSlot } from './read-slot.ts'
import { type DeviceRow, listDevices, readDevice, type Slot, type SlotOwner } from './store.ts'
import {
  AuthResponse,
  DeviceList,
  DeviceName,
  DeviceParams,
  DeviceResponse,
  NewDevice,
  NewKeys,
  RefreshToken,
  SignIn,
  SignUp,
} from './wire.ts'

const surface = cloudBackup
const jsonLimit = 2 * 1024 * 1024

/** Token buckets of cloud-backup §2, last point. */
const signInLimit: RateLimit = { name: 'cloud-sign-in', perSecond: 1, burst: 3 }
const deviceLimit: RateLimit = { name: 'cloud-devices', perSecond: 10, burst: 20 }

const signedIn = { auth: authenticateBearer, security: 'bearer' } as const
const onDevice = { auth: authenticateDevice, security: 'bearer' } as const

const signUp = endpoint({
  surface,
  name: 'signUp',
  summary: 'Make an account by user name',
  limit: signInLimit,
  body: { json: SignUp, limit: jsonLimit },
  answers: {
    201: { description: 'a user-scoped session', schema: AuthResponse },
    400: 'user name or password not acceptable',
    403: 'registration is not open',
    409: 'user name taken',
  },
  async handle({ ctx, body, headers, peer }) {
    requireOpenRegistration(ctx.settings)
    const username = body.username.toLowerCase()
    const accountId = await createAccount(ctx, { username, password: body.password }, peer.address)
    return signedInAs(
      201,
      await openCloudSession(ctx, {
        accountId,
        deviceId: null,
        userAgent: headers.get('user-agent'),
        address: peer.address,
      }),
    )
  },
})

const signIn = endpoint({
  surface,
  name: 'signIn',
  summary: 'Sign in, device-scoped when `deviceId` is one of the person’s devices, else user-scoped',
  limit: signInLimit,
  body: { json: SignIn, limit: jsonLimit },
  answers: {
    200: { description: 'a session', schema: AuthResponse },
    401: 'unknown user or wrong password',
    429: 'too many wrong passwords',
  },
  async handle({ ctx, body, headers, peer }) {
    const account = await checkSignIn(ctx, body.username, body.password, peer.address)
    const device = body.deviceId ? readDevice(ctx.db.read, account.id, body.deviceId) : undefined
    const opener = {
      accountId: account.id,
      deviceId: device?.id ?? null,
      userAgent: headers.get('user-agent'),
      address: peer.address,
    }
    return signedInAs(200, await openCloudSession(ctx, opener))
  },
})

const refresh = endpoint({
  surface,
  name: 'refreshSession',
  summary: 'Trade a refresh token for a new pair; a spent one ends the whole session',
  limit: signInLimit,
  body: { json: RefreshToken, limit: jsonLimit },
  answers: { 200: { description: 'the rotated pair', schema: AuthResponse }, 401: 'unknown, run out or spent' },
  async handle({ ctx, body, peer }) {
    return signedInAs(200, await refreshCloudSession(ctx, body.refreshToken, peer.address))
  },
})

const signOut = endpoint({
  ...signedIn,
  surface,
  name: 'signOut',
  summary: 'End the session of a refresh token',
  limit: signInLimit,
  body: { json: RefreshToken, limit: jsonLimit },
  answers: { 200: 'ended, or there was none' },
  async handle({ ctx, actor, body }) {
    await closeCloudSession(ctx, actor.accountId, body.refreshToken)
    return empty(200)
  },
})

const postDevice = endpoint({
  ...signedIn,
  surface,
  name: 'addDevice',
  summary: 'Register a device with its public keys',
  limit: deviceLimit,
  body: { json: NewDevice, limit: jsonLimit },
  answers: {
    201: { description: 'a device-scoped session', schema: AuthResponse },
    400: 'keys not acceptable',
    403: 'ten devices already',
  },
  async handle({ ctx, actor, body, headers, peer }) {
    const caller = { userAgent: headers.get('user-agent'), address: peer.address }
    return signedInAs(201, await addDevice(ctx, actor, body, caller))
  },
})

const getDevices = endpoint({
  ...signedIn,
  surface,
  name: 'listDevices',
  summary: 'The person’s devices, oldest first',
  limit: deviceLimit,
  answers: { 200: { description: 'the devices', schema: DeviceList } },
  handle: ({ ctx, actor }) => json(200, { devices: listDevices(ctx.db.read, actor.accountId).map(deviceJson) }),
})

const oneDevice = {
  ...signedIn,
  surface,
  limit: deviceLimit,
  params: DeviceParams,
} satisfies Partial<EndpointSpec<CloudActor, { id: string }, undefined>>
const deviceAnswers = { 400: 'not a UUID', 404: 'no such device of this person' }

const getDevice = endpoint({
  ...oneDevice,
  name: 'getDevice',
  summary: 'One device',
  answers: { 200: { description: 'the device', schema: DeviceResponse }, ...deviceAnswers },
  handle: ({ ctx, actor, params }) => json(200, deviceJson(findDevice(ctx.db.read, actor, params.id))),
})

const putDevice = endpoint({
  ...oneDevice,
  name: 'renameDevice',
  summary: 'Rename a device',
  body: { json: DeviceName, limit: jsonLimit },
  answers: { 200: { description: 'the device', schema: DeviceResponse }, ...deviceAnswers },
  async handle({ ctx, actor, params, body }) {
    return json(200, deviceJson(await renameDevice(ctx, actor, params.id, body.name)))
  },
})

const deleteDevice = endpoint({
  ...oneDevice,
  name: 'removeDevice',
  summary: 'Sign a device out and remove it with its slot',
  answers: { 200: 'removed', ...deviceAnswers },
  async handle({ ctx, actor, params }) {
    await removeDevice(ctx, actor, params.id)
    return empty(200)
  },
})

const postKeys = endpoint({
  ...onDevice,
  surface,
  name: 'replaceDeviceKeys',
  summary: 'Replace this device’s keys',
  limit: deviceLimit,
  body: { json: NewKeys, limit: jsonLimit },
  answers: { 200: 'replaced', 400: 'keys not acceptable', 403: 'not a device-scoped token' },
  async handle({ ctx, actor, body }) {
    await replaceKeys(ctx, actor, body)
    return empty(200)
  },
})

const putBackup = endpoint({
  ...signedIn,
  surface,
  name: 'putBackup',
  summary: 'Store a new version of the backup',
  description:
    'A user-scoped token addresses the person’s one slot, a device-scoped token that device’s own. `If-Match` holds the version last seen; `If-None-Match: *` or `If-Match: 0` means “none yet”.',
  streams: 'application/octet-stream',
  answers: {
    200: '`ETag` holds the new version',
    400: 'bad precondition header or too small',
    408: 'the body did not arrive in time',
    409: 'the slot moved on (user-scoped; `ETag` holds the current version), or another upload runs (device-scoped)',
    411: 'no Content-Length',
    412: 'the slot moved on (device-scoped; `ETag` holds the current version)',
    413: 'over the limit',
    507: 'quota or store full',
  },
  async handle({ ctx, actor, headers, request }) {
    const expected = expectedVersion(headers, actor)
    const length = announcedLength(headers)
    const upload = {
      length,
      chunks: arriving(request, length),
      sha256: promisedDigest(headers),
      signal: request.signal,
    }
    return empty(200, { ETag: etag(await putSlot(ctx, slotOf(actor), upload, expected)) })
  },
})

const getBackup = endpoint({
  ...signedIn,
  surface,
  name: 'getBackup',
  summary: 'The stored bytes',
  answers: { 200: 'the bytes', 206: 'a range of them', 304: 'unchanged', 404: 'nothing stored', 416: 'no such range' },
  async handle({ ctx, actor, headers }) {
    const slot = findSlot(ctx, slotOf(actor))
    const tag = etag(slot.version)
    if (alreadyHas(headers, slot.version)) return empty(304, { ETag: tag })

    const range = isFresh(headers, tag) ? readRange(headers, slot.size) : null
    if (range === 'unsatisfiable')
      throw new Problem('range.unsatisfiable', { headers: { 'Content-Range': `bytes */${slot.size}`, ETag: tag } })
    const stored = await openSlot(ctx, slot, range ?? undefined)
    return bytes(range ? 206 : 200, stored.chunks, {
      ...slotHeaders(slot),
      'Content-Length': String(stored.length),
      ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${slot.size}` } : {}),
    })
  },
})

const headBackup = endpoint({
  ...signedIn,
  surface,
  name: 'headBackup',
  summary: 'Version and size without the bytes',
  answers: { 200: 'as GET', 404: 'nothing stored' },
  async handle({ ctx, actor }) {
    const slot = await statSlot(ctx, slotOf(actor))
    return new Response(null, { status: 200, headers: { ...slotHeaders(slot), 'Content-Length': String(slot.size) } })
  },
})

/** Messaging, pre-key hand-out and the gateway are not ours (design §6), nor is anything else below `/v1`. */
const nothing = endpoint({
  surface,
  name: 'notFound',
  summary: 'Not served here',
  answers: { 404: 'not found' },
  handle() {
    throw new Problem('not_found')
  },
})

export const routes: Route[] = [
  { path: '/v1/users', surface, methods: { POST: signUp } },
  { path: '/v1/sessions', surface, methods: { POST: signIn, DELETE: signOut } },
  { path: '/v1/sessions/refresh', surface, methods: { POST: refresh } },
  { path: '/v1/devices', surface, methods: { GET: getDevices, POST: postDevice } },
  { path: '/v1/devices/keys', surface, methods: { POST: postKeys } },
  { path: '/v1/devices/:id', surface, methods: { GET: getDevice, PUT: putDevice, DELETE: deleteDevice } },
  { path: '/v1/backup', surface, methods: { GET: getBackup, HEAD: headBackup, POST: putBackup } },
  { path: '/v1/*', surface, methods: { ANY: nothing } },
]

function slotOf({ accountId, deviceId }: CloudActor): SlotOwner {
  return { id: deviceId ?? accountId, accountId, deviceId }
}

function slotHeaders(slot: Slot): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'Repr-Digest': `sha-256=:${Buffer.from(slot.sha256, 'hex').toString('base64')}:`,
    ETag: etag(slot.version),
  }
}

function signedInAs(status: number, session: CloudSession): Response {
  const { deviceId, ...rest } = session
  return json(status, deviceId ? { ...rest, deviceId } : rest)
}

function deviceJson(device: DeviceRow) {
  return { deviceId: device.id, name: device.name, createdAt: new Date(device.createdAt).toISOString() }
}
