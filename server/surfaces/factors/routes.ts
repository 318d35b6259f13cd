import { bytes, empty, json } from '#server/http/answers.ts'
import { type Endpoint, endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'
import { addFactor as addFactorByTurnkey } from './add-factor.ts'
import { addMainFactor as addMain, issueMainFactorChallenges } from './add-main-factor.ts'
import { addSyncFactor as addSync } from './add-sync-factor.ts'
import { challengeRoutes } from './challenge-routes.ts'
import { createBackup } from './create-backup.ts'
import { deleteBackup as deleteWhole } from './delete-backup.ts'
import { deleteFactor as deleteOne } from './delete-factor.ts'
import { factors as surface } from './errors.ts'
import { challengeLimit, createLimit, proofLimit, statusLimit, syncLimit } from './limits.ts'
import { proveFactor } from './prove-factor.ts'
import { readHistory } from './prove-restorable.ts'
import { decodePayload, readAttestedBody, readBody } from './read-body.ts'
import { readMetadata, readStatus } from './read-metadata.ts'
import { readUpload } from './read-upload.ts'
import { resetBackup } from './reset-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { retrieveBackup } from './retrieve-backup.ts'
import { syncBackup } from './sync-backup.ts'
import {
  AddFactorRequest,
  AddMainFactorChallengeRequest,
  AddMainFactorRequest,
  AddSyncFactorRequest,
  BackupIdAnswer,
  BackupMetadata,
  Challenged,
  Created,
  CreatePayload,
  DeleteFactorRequest,
  ErrorBody,
  FactorAdded,
  FactorDeleted,
  History,
  HistoryRequest,
  MainFactorChallenge,
  MetadataRequest,
  ResetRequest,
  RestoreRequest,
  Retrieved,
  Status,
  StatusRequest,
  SyncPayload,
} from './wire.ts'

/** Path behind `/v1`, and what answers POST there. */
export type FactorRoute = [path: string, post: Endpoint]

const refused = { description: 'refused; `error.code` says why', schema: ErrorBody }
const common = { 400: refused, 415: 'not JSON', 422: 'JSON of another shape', 429: 'too many requests' }
const uploaded = {
  400: refused,
  413: { description: '`content_too_large`', schema: ErrorBody },
  423: { description: '`conflicting_lock`', schema: ErrorBody },
  507: { description: 'no space is left', schema: ErrorBody },
}
/** How far apart two uploads may end and still count as made at once; milliseconds. */
const overlap = 1_000

const create = endpoint({
  surface,
  name: 'createBackup',
  summary: 'Make a sealed backup with its first main factor and its first sync factor',
  description: 'Parts `payload` (JSON) and `backup` (the sealed bytes), in any order.',
  limit: createLimit,
  parts: CreatePayload,
  answers: {
    ...uploaded,
    200: { description: 'made', schema: Created },
    403: { description: '`registration_closed`', schema: ErrorBody },
    409: { description: '`backup_account_id_already_exists`', schema: ErrorBody },
  },
  async handle({ ctx, request, peer }) {
    requireOpenRegistration(ctx.settings)
    await using upload = await readUpload(ctx, request)
    const payload = decodePayload(upload.payload(), CreatePayload)
    upload.checkBackup()
    return json(200, await createBackup(ctx, upload, payload, { address: peer.address }))
  },
})

/** `/v1/sync`, and `/sync` for multipart bodies; anything else there is the operation log's (design §1). */
export const sync = endpoint({
  surface,
  name: 'syncBackup',
  summary: 'Replace the sealed backup, if it is still the one the client last saw',
  description: 'Parts `payload` (JSON) and `backup` (the sealed bytes), in any order.',
  limit: syncLimit,
  parts: SyncPayload,
  answers: {
    ...uploaded,
    200: { description: 'replaced', schema: BackupIdAnswer },
    412: { description: '`manifest_hash_mismatch`', schema: ErrorBody },
  },
  async handle({ ctx, request }) {
    const came = performance.now()
    await using upload = await readUpload(ctx, request)
    const since = Math.max(came, performance.now() - overlap)
    const payload = decodePayload(upload.payload(), SyncPayload)
    upload.checkBackup()
    return json(200, { backupId: await syncBackup(ctx, upload, payload, since) })
  },
})

const retrieve = endpoint({
  surface,
  name: 'retrieveBackup',
  summary: 'The sealed backup, for a main factor, and a token for adding a sync factor',
  limit: proofLimit,
  takes: Challenged,
  answers: { ...common, 200: { description: 'the backup', schema: Retrieved } },
  async handle({ ctx, request }) {
    const { body, attestationFailure } = await readAttestedBody(ctx, request, Challenged)
    const { length, chunks } = await retrieveBackup(ctx, body)
    return bytes(200, chunks, {
      'Content-Type': 'application/json',
      'Content-Length': String(length),
      'Cache-Control': 'no-store',
      ...attestationHeader(attestationFailure),
    })
  },
})

const verify = endpoint({
  surface,
  name: 'verifyFactor',
  summary: 'Whether a main factor still gets in, without fetching anything',
  limit: proofLimit,
  takes: Challenged,
  answers: { ...common, 200: { description: 'it does', schema: BackupIdAnswer } },
  async handle({ ctx, request }) {
    const { body, attestationFailure } = await readAttestedBody(ctx, request, Challenged)
    const { backup } = await proveFactor(ctx, body, 'MAIN', { kind: 'VERIFYFACTOR' })
    return json(200, { backupId: backup.id }, attestationHeader(attestationFailure))
  },
})

const addSyncFactor = endpoint({
  surface,
  name: 'addSyncFactor',
  summary: 'Add a device’s key as sync factor, by the token of a retrieve',
  limit: proofLimit,
  takes: AddSyncFactorRequest,
  answers: { ...common, 200: { description: 'added', schema: BackupIdAnswer }, 409: refused },
  async handle({ ctx, request, peer }) {
    return json(200, { backupId: await addSync(ctx, await readBody(request, AddSyncFactorRequest), peer.address) })
  },
})

const addFactor = endpoint({
  surface,
  name: 'addFactor',
  summary: 'Add an OIDC account as main factor, by a passkey inside a Turnkey activity',
  limit: proofLimit,
  takes: AddFactorRequest,
  answers: { ...common, 200: { description: 'added', schema: FactorAdded }, 409: refused },
  async handle({ ctx, request, peer }) {
    return json(200, await addFactorByTurnkey(ctx, await readBody(request, AddFactorRequest), peer.address))
  },
})

const mainFactorChallenges = endpoint({
  surface,
  name: 'challengeAddMainFactor',
  summary: 'Challenges for adding a main factor of any kind by one of any kind (not in the original)',
  limit: challengeLimit,
  takes: AddMainFactorChallengeRequest,
  answers: { ...common, 200: { description: 'one challenge for each side', schema: MainFactorChallenge } },
  async handle({ ctx, request, headers }) {
    const body = await readBody(request, AddMainFactorChallengeRequest)
    return json(200, await issueMainFactorChallenges(ctx, body, headers.get('host')))
  },
})

const addMainFactor = endpoint({
  surface,
  name: 'addMainFactor',
  summary: 'Add a main factor of any kind, proved for by a main factor of any kind (not in the original)',
  limit: proofLimit,
  takes: AddMainFactorRequest,
  answers: { ...common, 200: { description: 'added', schema: FactorAdded }, 409: refused },
  async handle({ ctx, request, peer }) {
    return json(200, await addMain(ctx, await readBody(request, AddMainFactorRequest), peer.address))
  },
})

const metadata = endpoint({
  surface,
  name: 'retrieveMetadata',
  summary: 'Factors, keys and manifest hash, for a sync factor',
  limit: proofLimit,
  takes: MetadataRequest,
  answers: { ...common, 200: { description: 'the metadata', schema: BackupMetadata } },
  async handle({ ctx, request }) {
    const body = await readBody(request, MetadataRequest)
    return json(200, await readMetadata(ctx, body, body.backupId ?? null))
  },
})

const deleteFactor = endpoint({
  surface,
  name: 'deleteFactor',
  summary: 'Remove a main or sync factor; the last main factor takes the backup with it',
  limit: proofLimit,
  takes: DeleteFactorRequest,
  answers: { ...common, 200: { description: 'removed', schema: FactorDeleted } },
  async handle({ ctx, request, peer }) {
    const { body, attestationFailure } = await readAttestedBody(ctx, request, DeleteFactorRequest)
    return json(200, await deleteOne(ctx, body, peer.address), attestationHeader(attestationFailure))
  },
})

const deleteBackup = endpoint({
  surface,
  name: 'deleteBackup',
  summary: 'Delete a backup, by one of its sync factors; a main factor can bring it back for a while',
  limit: proofLimit,
  takes: Challenged,
  answers: { ...common, 204: 'deleted' },
  async handle({ ctx, request, peer }) {
    await deleteWhole(ctx, await readBody(request, Challenged), peer.address)
    return empty(204)
  },
})

const reset = endpoint({
  surface,
  name: 'resetBackup',
  summary: 'Delete a backup by the key that its id is made of',
  limit: proofLimit,
  takes: ResetRequest,
  answers: { ...common, 204: 'deleted', 404: { description: '`not_found`', schema: ErrorBody } },
  async handle({ ctx, request, peer }) {
    await resetBackup(ctx, await readBody(request, ResetRequest), peer.address)
    return empty(204)
  },
})

const status = endpoint({
  surface,
  name: 'backupStatus',
  summary: 'Which kinds of main factors a backup has',
  limit: statusLimit,
  takes: StatusRequest,
  answers: {
    ...common,
    200: { description: 'the kinds', schema: Status },
    404: { description: '`not_found`', schema: ErrorBody },
  },
  async handle({ ctx, request }) {
    return json(200, readStatus(ctx, (await readBody(request, StatusRequest)).backupId))
  },
})

const history = endpoint({
  surface,
  name: 'factorBackupHistory',
  summary:
    'Earlier versions, removed factors and deleted backups that a main factor can bring back (not in the original)',
  limit: proofLimit,
  takes: HistoryRequest,
  answers: { ...common, 200: { description: 'what can be restored', schema: History } },
  async handle({ ctx, request }) {
    return json(200, await readHistory(ctx, await readBody(request, HistoryRequest)))
  },
})

const restore = endpoint({
  surface,
  name: 'restoreFactorBackup',
  summary: 'Bring a deleted backup, an earlier version or removed factors back, by a main factor (not in the original)',
  limit: proofLimit,
  takes: RestoreRequest,
  answers: {
    ...common,
    200: { description: 'restored', schema: BackupMetadata },
    404: { description: '`not_found`: nothing of that kind is kept any more', schema: ErrorBody },
    409: { description: 'the id was taken anew, or too many factors', schema: ErrorBody },
  },
  async handle({ ctx, request, peer }) {
    return json(200, await restoreBackup(ctx, await readBody(request, RestoreRequest), peer.address))
  },
})

const table: FactorRoute[] = [
  ...challengeRoutes,
  ['/create', create],
  ['/retrieve/from-challenge', retrieve],
  ['/verify-factor', verify],
  ['/add-sync-factor', addSyncFactor],
  ['/add-factor', addFactor],
  ['/add-main-factor/challenge', mainFactorChallenges],
  ['/add-main-factor', addMainFactor],
  ['/retrieve-metadata', metadata],
  ['/delete-factor', deleteFactor],
  ['/delete-backup', deleteBackup],
  ['/reset', reset],
  ['/backup/status', status],
  ['/history', history],
  ['/restore', restore],
]

/** Every path under `/v1`, and without it as seeds/001 writes them; `/sync` is shared, see `surfaces/index.ts`. */
export const routes: Route[] = [
  ...table.map(([path, post]) => ({ path: `/v1${path}`, surface, methods: { POST: post } })),
  ...table.map(([path, post]) => ({ path, surface, methods: { POST: alias(post) } })),
  { path: '/v1/sync', surface, methods: { POST: sync } },
]

/** The same endpoint under another operationId, which must be unique. */
function alias(post: Endpoint): Endpoint {
  return { ...post, spec: { ...post.spec, name: `${post.spec.name}WithoutPrefix` } }
}

/** The answer says what is missing even where it is not enforced, as the original's does (factor-backup §6). */
function attestationHeader(failure: string | null): Record<string, string> {
  return failure === null ? {} : { 'attestation-failure': failure }
}
