import { publicUrl } from '#server/config/public-url.ts'
import { bytes, empty, json } from '#server/http/answers.ts'
import { isUnchanged, readConditions, requireMatch } from '#server/http/conditions.ts'
import { endpoint } from '#server/http/endpoint.ts'
import { readFields } from '#server/http/fields-body.ts'
import { isOurOrigin } from '#server/http/origin.ts'
import { isFresh, readRange } from '#server/http/range.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import type { Route } from '#server/http/route-table.ts'
import { preferredLanguage } from '#server/kit/language.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { authenticateBasic } from '#server/people/basic.ts'
import { requestReset } from '#server/people/request-reset.ts'
import { resetPassword } from '#server/people/reset-password.ts'
import { jsonType, personas } from './errors.ts'
import { historyRoutes } from './history-routes.ts'
import { etag, putPersona } from './put-persona.ts'
import { findPersona, openPersona, statPersona } from './read-persona.ts'
import { readUpload } from './read-upload.ts'
import { registerAccount } from './register-account.ts'
import { removePersona } from './remove-persona.ts'
import { listPersonaIds, type Persona } from './store.ts'
import {
  AccountFields,
  Nothing,
  PersonaList,
  ResetFields,
  ResetRequest,
  readAccount,
  readEmail,
  readNewPassword,
  readPersonaId,
  readResetRequest,
  Status,
} from './wire.ts'

const surface = personas
/** Of JSON and forms, bytes (personas §1). */
const fieldsLimit = 100 * 1024

/** Loose enough for a family that signs up in one evening, tight enough against somebody who counts through a list. */
const accountLimit: RateLimit = { name: 'personas-accounts', perSecond: 0.2, burst: 20 }
const resetLimit: RateLimit = { name: 'personas-reset', perSecond: 0.1, burst: 10 }

const signedIn = { auth: authenticateBasic, security: 'basic' } as const
const done = () => json(200, {}, jsonType)

const postAccount = endpoint({
  surface,
  name: 'registerAccount',
  summary: 'Make an account by e-mail',
  limit: accountLimit,
  fields: AccountFields,
  answers: {
    200: { description: 'made', schema: Nothing },
    400: '[4] a parameter is missing',
    403: '[4,3] registration is not open',
    409: '[4,9] the address is taken',
  },
  async handle({ ctx, request, peer }) {
    await registerAccount(ctx, readAccount(await readFields(request, fieldsLimit)), peer.address)
    return done()
  },
})

const getPersonas = endpoint({
  ...signedIn,
  surface,
  name: 'listPersonas',
  summary: 'Ids of the stored personas, ascending by code point',
  answers: { 200: { description: 'the ids', schema: PersonaList }, 401: 'not signed in' },
  handle: ({ ctx, actor }) => json(200, { personas: listPersonaIds(ctx.db.read, actor.accountId) }, jsonType),
})

const postPersona = endpoint({
  ...signedIn,
  surface,
  name: 'putPersona',
  summary: 'Store a persona, new or over the one that is there',
  description:
    'Bytes and media type are kept verbatim. `If-Match` and `If-None-Match` are optional; `ETag` is the version.',
  streams: 'application/zip',
  answers: {
    200: { description: 'stored; `ETag` holds the version', schema: Nothing },
    400: '[4] no content, no Content-Type, or a slash in the id',
    401: 'not signed in',
    412: '[4,12] the persona is not the one that was named; `ETag` holds the current version',
    413: '[4,13] over the limit',
    507: '[5,7] quota or store full',
  },
  async handle({ ctx, actor, params, headers, request }) {
    const persona = { ...actor, personaId: readPersonaId(params.pid ?? '') }
    await using upload = await readUpload(request, ctx.settings.values.personaMaxBytes)
    const version = await putPersona(ctx, persona, upload, readConditions(headers))
    return json(200, {}, { ...jsonType, ETag: etag(version) })
  },
})

const getPersona = endpoint({
  ...signedIn,
  surface,
  name: 'getPersona',
  summary: 'The stored bytes, with the stored Content-Type',
  answers: {
    200: 'the bytes',
    204: 'an empty persona (imported ones may be)',
    206: 'a range of them',
    304: 'unchanged',
    401: 'not signed in',
    410: 'no such persona, in plain text',
    412: '[4,12] not the version that was named',
    416: '[4,16] no such range',
  },
  async handle({ ctx, actor, params, headers }) {
    const persona = findPersona(ctx, { accountId: actor.accountId, personaId: readPersonaId(params.pid ?? '') })
    const tag = etag(persona.version)
    const conditions = readConditions(headers)
    requireMatch(conditions, tag)
    if (isUnchanged(conditions, tag)) return empty(304, { ETag: tag, 'Cache-Control': uncached })
    if (persona.size === 0) return empty(204, { ETag: tag, 'Cache-Control': uncached })

    const range = isFresh(headers, tag) ? readRange(headers, persona.size) : null
    if (range === 'unsatisfiable')
      throw new Problem('range.unsatisfiable', { headers: { 'Content-Range': `bytes */${persona.size}`, ETag: tag } })
    const stored = await openPersona(ctx, persona, range ?? undefined)
    return bytes(range ? 206 : 200, stored.chunks, {
      ...personaHeaders(persona),
      'Content-Length': String(stored.length),
      ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${persona.size}` } : {}),
    })
  },
})

const headPersona = endpoint({
  ...signedIn,
  surface,
  name: 'headPersona',
  summary: 'Version, size and media type without the bytes',
  answers: { 200: 'as GET', 410: 'no such persona' },
  async handle({ ctx, actor, params, headers }) {
    const persona = await statPersona(ctx, { accountId: actor.accountId, personaId: readPersonaId(params.pid ?? '') })
    const tag = etag(persona.version)
    const conditions = readConditions(headers)
    requireMatch(conditions, tag)
    if (isUnchanged(conditions, tag)) return empty(304, { ETag: tag, 'Cache-Control': uncached })
    if (persona.size === 0) return empty(204, { ETag: tag, 'Cache-Control': uncached })
    const length = { 'Content-Length': String(persona.size) }
    return new Response(null, { status: 200, headers: { ...personaHeaders(persona), ...length } })
  },
})

const removeOne = endpoint({
  ...signedIn,
  surface,
  name: 'deletePersona',
  summary: 'Take a persona away; it can be restored until its history ends',
  answers: {
    200: { description: 'gone, or never there', schema: Nothing },
    401: 'not signed in',
    412: '[4,12] not the version that was named',
  },
  async handle({ ctx, actor, params, headers }) {
    const persona = { ...actor, personaId: readPersonaId(params.pid ?? '') }
    await removePersona(ctx, persona, readConditions(headers))
    return done()
  },
})

const getStatus = endpoint({
  surface,
  name: 'keyBackupStatus',
  summary: 'Which service this is, since when, and under which address',
  answers: { 200: { description: 'the service', schema: Status } },
  handle({ ctx }) {
    const started = new Date(ctx.startedAt).toISOString()
    return json(200, { name: 'Key Backup Service', version: [1, 0, 0], started, url: publicUrl(ctx) }, jsonType)
  },
})

const requested = {
  200: { description: 'a mail is on its way if the address has an account', schema: Nothing },
  400: '[4] no address',
}

const putReset = endpoint({
  surface,
  name: 'requestPasswordReset',
  summary: 'Have a reset link mailed; the answer does not tell whether anybody has the address',
  limit: resetLimit,
  fields: ResetRequest,
  answers: requested,
  async handle({ ctx, request, headers, peer }) {
    const { email } = readResetRequest(await readFields(request, fieldsLimit))
    // Our own page asks here as well. Of other clients nothing is known that would change the mail (personas §5).
    const isOurs = isOurOrigin(ctx.config, headers.get('origin'), headers.get('host'))
    const language = isOurs ? preferredLanguage(headers.get('accept-language')) : null
    await requestReset(ctx, email, { address: peer.address, onlyIfQuiet: false, language })
    return done()
  },
})

const getReset = endpoint({
  surface,
  name: 'requestPasswordResetByLink',
  summary: 'As PUT /password/reset, but not again within five minutes',
  limit: resetLimit,
  answers: requested,
  async handle({ ctx, params, peer }) {
    const email = readEmail(params.email ?? '', 'Missing email parameter')
    await requestReset(ctx, email, { address: peer.address, onlyIfQuiet: true })
    return done()
  },
})

/** What mail scanners and link previews send first must not send a mail. */
const headReset = endpoint({
  surface,
  name: 'headPasswordReset',
  summary: 'As GET, without doing anything',
  limit: resetLimit,
  answers: requested,
  handle({ params }) {
    readEmail(params.email ?? '', 'Missing email parameter')
    return new Response(null, { status: 200, headers: done().headers })
  },
})

const postReset = endpoint({
  surface,
  name: 'resetPassword',
  summary: 'Set a new password with the mailed code; every other session ends',
  limit: resetLimit,
  fields: ResetFields,
  answers: {
    200: { description: 'set', schema: Nothing },
    400: '[4] a parameter is missing',
    409: '[4,9] the code is not good (any more), for clients that say `code`',
    410: '[4,10] the code is not good (any more), for clients that say `reset_code`',
  },
  async handle({ ctx, request, peer }) {
    const { email, code, password, spokenAsCode } = readNewPassword(await readFields(request, fieldsLimit))
    try {
      await resetPassword(ctx, { name: email, code, password }, peer.address)
    } catch (error) {
      // The seed's README promises 409 to its spelling, the code 410 to its own (personas §8).
      if (spokenAsCode === 'code' && isProblem(error) && error.code === 'reset.refused')
        throw new Problem('reset.mismatch')
      throw error
    }
    return done()
  },
})

const nothing = endpoint({
  surface,
  name: 'noSuchPath',
  summary: 'Not served here',
  answers: { 404: '[4,4] not found' },
  handle() {
    throw new Problem('not_found')
  },
})

const lenient = true

/** `/password/reset.html` is a page (design §8), one level above `/password/reset/<email>`. */
export const routes: Route[] = [
  { path: '/status', surface, lenient, methods: { GET: getStatus } },
  { path: '/accounts', surface, lenient, methods: { POST: postAccount } },
  { path: '/personas', surface, lenient, methods: { GET: getPersonas } },
  {
    path: '/personas/:pid',
    surface,
    lenient,
    methods: { GET: getPersona, HEAD: headPersona, POST: postPersona, DELETE: removeOne },
  },
  ...historyRoutes,
  { path: '/password/reset', surface, lenient, methods: { POST: postReset, PUT: putReset } },
  { path: '/password/reset/:email', surface, lenient, methods: { GET: getReset, HEAD: headReset } },
  { path: '/accounts/*', surface, lenient, methods: { ANY: nothing } },
  { path: '/personas/*', surface, lenient, methods: { ANY: nothing } },
  { path: '/password/reset/*', surface, lenient, methods: { ANY: nothing } },
]

const uncached = 'private, no-store'

function personaHeaders(persona: Persona): Record<string, string> {
  return {
    'Content-Type': persona.contentType,
    'Accept-Ranges': 'bytes',
    'Cache-Control': uncached,
    'Repr-Digest': `sha-256=:${Buffer.from(persona.sha256, 'hex').toString('base64')}:`,
    ETag: etag(persona.version),
  }
}
