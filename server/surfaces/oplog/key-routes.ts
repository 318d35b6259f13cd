import type { Context } from '#server/context.ts'
import { empty, json } from '#server/http/answers.ts'
import { type EndpointSpec, endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { authenticateBearer, type CloudActor } from '#server/people/bearer.ts'
import { changeKey } from './change-key.ts'
import { preflight, readableByPages } from './cors.ts'
import { deleteLog } from './delete-log.ts'
import { oplog as surface } from './errors.ts'
import { limitsOf } from './limits.ts'
import { linkKeyByCode } from './link-code.ts'
import { linkKey } from './link-key.ts'
import { challengeKey, checkProof, proveKey } from './prove-key.ts'
import { fingerprint } from './public-key.ts'
import { type LogUser, listUsersOf } from './store.ts'
import { addressLimit } from './throttle.ts'
import {
  ChallengeAnswer,
  ChangeKey,
  ErrorAnswer,
  KeyAnswer,
  KeyList,
  KeyParams,
  LinkByCode,
  LinkKey,
  Proof,
  ProofAnswer,
  ProofChallenge,
} from './wire.ts'

/** Ours, not the seed's: proof of possession, and the person behind a key (oplog-sync §3). */

const bodyBytes = 16 * 1024
const refusals = { 400: { description: '`error` says what is wrong', schema: ErrorAnswer } }

const postChallenge = readableByPages(
  endpoint({
    surface,
    name: 'challengeKey',
    summary: 'A nonce that only the private key can read',
    limit: addressLimit,
    body: { json: ProofChallenge, limit: bodyBytes },
    answers: { 200: { description: 'answer it at `/sync/proof`', schema: ChallengeAnswer }, ...refusals },
    handle({ ctx, body }) {
      const { challenge, nonce, seconds } = challengeKey(ctx, body.user)
      return json(200, { challenge, nonce, expires_in: seconds })
    },
  }),
)

const postProof = readableByPages(
  endpoint({
    surface,
    name: 'proveKey',
    summary: 'Trade the decrypted nonce for a token, and protect the log or lift that',
    description: 'The token goes into `Authorization: Bearer` of `/sync`, which a protected log then wants.',
    limit: addressLimit,
    body: { json: Proof, limit: bodyBytes },
    answers: {
      200: { description: 'the token', schema: ProofAnswer },
      ...refusals,
      401: 'not the right nonce, used before, or too late',
      403: 'no new keys are taken',
    },
    async handle({ ctx, body, peer }) {
      const { require = null, ...answered } = body
      const { token, seconds, required } = await proveKey(ctx, answered, { require, address: peer.address })
      return json(200, { token, expires_in: seconds, required })
    },
  }),
)

const signedIn = { surface, limit: addressLimit, auth: authenticateBearer, security: 'bearer' } as const

const getKeys = endpoint({
  ...signedIn,
  name: 'listLogKeys',
  summary: 'The person’s logs, with the fingerprints of their keys',
  answers: { 200: { description: 'oldest first', schema: KeyList }, 401: 'not signed in' },
  handle: ({ ctx, actor }) =>
    json(200, { keys: listUsersOf(ctx.db.read, actor.accountId).map((user) => keyJson(ctx, user)) }),
})

const postKey = endpoint({
  ...signedIn,
  name: 'linkLogKey',
  summary: 'Make a log one’s own, by a proof of possession',
  body: { json: LinkKey, limit: bodyBytes },
  answers: {
    201: { description: 'linked', schema: KeyAnswer },
    ...refusals,
    401: 'not signed in, or the proof is not right',
    409: 'linked to somebody else',
    507: 'twenty keys already',
  },
  async handle({ ctx, actor, body, peer }) {
    const proven = checkProof(ctx, body)
    const user = await linkKey(ctx, actor, { proven, name: body.name ?? null, address: peer.address })
    return json(201, keyJson(ctx, user))
  },
})

const postLink = readableByPages(
  endpoint({
    surface,
    name: 'linkLogKeyByCode',
    summary: 'Make a log somebody’s own by a code from their page, and a proof of possession',
    limit: addressLimit,
    body: { json: LinkByCode, limit: bodyBytes },
    answers: {
      201: { description: 'linked', schema: KeyAnswer },
      ...refusals,
      401: 'the proof is not right',
      409: 'linked to somebody else',
      410: 'a code that is wrong, used or too old',
      507: 'twenty keys already',
    },
    async handle({ ctx, body, peer }) {
      const proven = checkProof(ctx, body)
      const { code, name = null } = body
      return json(201, keyJson(ctx, await linkKeyByCode(ctx, { code, proven, name, address: peer.address })))
    },
  }),
)

const oneKey = { ...signedIn, params: KeyParams } satisfies Partial<EndpointSpec<CloudActor, { id: string }, undefined>>
const keyAnswers = { 401: 'not signed in', 404: 'no such key of this person' }

const putKey = endpoint({
  ...oneKey,
  name: 'changeLogKey',
  summary: 'Name, freeze, limit or protect a log',
  body: { json: ChangeKey, limit: bodyBytes },
  answers: { 200: { description: 'as it is now', schema: KeyAnswer }, ...refusals, ...keyAnswers },
  async handle({ ctx, actor, params, body }) {
    const changes = {
      name: body.name,
      frozen: body.frozen,
      proofRequired: body.proof_required,
      quotaBytes: body.quota_bytes,
      quotaOperations: body.quota_operations,
    }
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    return json(200, keyJson(ctx, await changeKey(ctx, actor, Number(params.id), given)))
  },
})

const deleteKey = endpoint({
  ...oneKey,
  name: 'deleteLogKey',
  summary: 'Delete a log, and forget its key',
  answers: { 204: 'deleted', ...keyAnswers },
  async handle({ ctx, actor, params }) {
    await deleteLog(ctx, actor, Number(params.id), { keep: false })
    return empty(204)
  },
})

const deleteOperations = endpoint({
  ...oneKey,
  name: 'deleteLogOperations',
  summary: 'Empty a log; its key stays linked',
  answers: { 204: 'emptied', ...keyAnswers },
  async handle({ ctx, actor, params }) {
    await deleteLog(ctx, actor, Number(params.id), { keep: true })
    return empty(204)
  },
})

export const keyRoutes: Route[] = [
  { path: '/sync/challenge', surface, methods: { POST: postChallenge, OPTIONS: preflight } },
  { path: '/sync/proof', surface, methods: { POST: postProof, OPTIONS: preflight } },
  { path: '/sync/link', surface, methods: { POST: postLink, OPTIONS: preflight } },
  { path: '/sync/keys', surface, methods: { GET: getKeys, POST: postKey } },
  { path: '/sync/keys/:id', surface, methods: { PUT: putKey, DELETE: deleteKey } },
  { path: '/sync/keys/:id/operations', surface, methods: { DELETE: deleteOperations } },
]

/** Never the key itself, nor all of its hash. */
function keyJson(ctx: Context, user: LogUser) {
  const limits = limitsOf(ctx, user)
  return {
    id: String(user.id),
    fingerprint: fingerprint(user.userHash),
    name: user.name,
    created_at: new Date(user.createdAt).toISOString(),
    last_operation_at: user.lastOperationAt === null ? null : new Date(user.lastOperationAt).toISOString(),
    operations: user.operations,
    bytes: user.bytes,
    clients: user.clients,
    quota_bytes: limits.bytes,
    quota_operations: limits.operations,
    frozen: user.frozenAt !== null,
    proof_required: user.proofRequiredAt !== null,
  }
}
