import { bytes, empty } from '#server/http/answers.ts'
import { announcedLength, arriving } from '#server/http/body.ts'
import { endpoint } from '#server/http/endpoint.ts'
import { isFresh, readRange } from '#server/http/range.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import type { Route } from '#server/http/route-table.ts'
import { Problem } from '#server/kit/problem.ts'
import { authenticateBearer } from '#server/people/bearer.ts'
import { closeCloudSession, openCloudSession, refreshCloudSession } from '#server/people/cloud-session.ts'
import { createAccount } from '#server/people/create-account.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'
import { signIn as checkSignIn } from '#server/people/sign-in.ts'
import { deviceRoutes } from './device-routes.ts'
import { cloudBackup } from './errors.ts'
import { historyRoutes } from './history-routes.ts'
import { alreadyHas, expectedVersion, promisedDigest } from './preconditions.ts'
import { etag, putSlot } from './put-slot.ts'
import { findSlot, openSlot, statSlot } from './read-slot.ts'
import { signedInAs } from './session-answer.ts'
import { readDevice, type Slot, slotOf } from './store.ts'
import { AuthResponse, jsonLimit, RefreshToken, SignIn, SignUp } from './wire.ts'

const surface = cloudBackup

/** Token bucket of cloud-backup §2, last point. */
const signInLimit: RateLimit = { name: 'cloud-sign-in', perSecond: 1, burst: 3 }

const signedIn = { auth: authenticateBearer, security: 'bearer' } as const

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
    return signedInAs(200, await openCloudSession(ctx, opener, account))
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
    return empty(200, { ETag: etag(await putSlot(ctx, actor, upload, expected)) })
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
  ...deviceRoutes,
  { path: '/v1/backup', surface, methods: { GET: getBackup, HEAD: headBackup, POST: putBackup } },
  ...historyRoutes,
  { path: '/v1/*', surface, methods: { ANY: nothing } },
]

function slotHeaders(slot: Slot): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'Repr-Digest': `sha-256=:${Buffer.from(slot.sha256, 'hex').toString('base64')}:`,
    ETag: etag(slot.version),
  }
}
