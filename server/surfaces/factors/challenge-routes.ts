import { json } from '#server/http/answers.ts'
import { type Endpoint, endpoint } from '#server/http/endpoint.ts'
import { factors as surface } from './errors.ts'
import { creationChallenge, keypairChallenge, requestChallenge } from './issue-challenge.ts'
import { challengeLimit } from './limits.ts'
import { readBody } from './read-body.ts'
import type { FactorRoute } from './routes.ts'
import {
  AddFactorChallenge,
  AddFactorChallengeRequest,
  FactorIdRequest,
  KeypairChallenge,
  NoFields,
  PasskeyChallenge,
  PasskeyChallengeRequest,
  ResetChallengeRequest,
} from './wire.ts'

const issued = (schema: typeof KeypairChallenge | typeof PasskeyChallenge) => ({
  200: { description: 'the challenge, and the token to hand in with its proof within 15 minutes', schema },
})

/** A challenge that any key pair may ask for; what it is for is in its context (factor-backup §4.2). */
function keypairFor(name: string, kind: string, summary: string): Endpoint {
  return endpoint({
    surface,
    name,
    summary,
    limit: challengeLimit,
    takes: NoFields,
    answers: issued(KeypairChallenge),
    async handle({ ctx, request }) {
      await readBody(request, NoFields)
      return json(200, await keypairChallenge(ctx, { kind }))
    },
  })
}

/** Options for using a passkey; the body is not looked at. */
function passkeyFor(name: string, kind: string, summary: string): Endpoint {
  return endpoint({
    surface,
    name,
    summary,
    limit: challengeLimit,
    answers: issued(PasskeyChallenge),
    handle: async ({ ctx, headers }) => json(200, await requestChallenge(ctx, { kind }, { host: headers.get('host') })),
  })
}

const createPasskey = endpoint({
  surface,
  name: 'challengeCreatePasskey',
  summary: 'Options for making the first passkey of a new backup',
  limit: challengeLimit,
  takes: PasskeyChallengeRequest,
  answers: { ...issued(PasskeyChallenge), 400: '`webauthn_error` when a name is empty' },
  async handle({ ctx, request, headers }) {
    const names = await readBody(request, PasskeyChallengeRequest)
    const called = { host: headers.get('host') }
    return json(200, await creationChallenge(ctx, { kind: 'CREATE' }, { ...names, ...called }))
  },
})

const deleteFactor = endpoint({
  surface,
  name: 'challengeDeleteFactor',
  summary: 'Challenge for a sync factor to delete one factor',
  limit: challengeLimit,
  takes: FactorIdRequest,
  answers: issued(KeypairChallenge),
  async handle({ ctx, request }) {
    const { factorId } = await readBody(request, FactorIdRequest)
    return json(200, await keypairChallenge(ctx, { kind: 'DELETEFACTOR', factorId }))
  },
})

const reset = endpoint({
  surface,
  name: 'challengeReset',
  summary: 'Challenge for the key that a backup’s id is made of',
  limit: challengeLimit,
  takes: ResetChallengeRequest,
  answers: { ...issued(KeypairChallenge), 422: 'not the id of a backup' },
  async handle({ ctx, request }) {
    const { backupAccountId } = await readBody(request, ResetChallengeRequest)
    return json(200, await keypairChallenge(ctx, { kind: 'RESET', backupAccountId }))
  },
})

const addFactor = endpoint({
  surface,
  name: 'challengeAddFactor',
  summary: 'Challenges for adding an OIDC account by a passkey, inside a Turnkey activity',
  limit: challengeLimit,
  takes: AddFactorChallengeRequest,
  answers: { 200: { description: 'one challenge for each side', schema: AddFactorChallenge } },
  async handle({ ctx, request }) {
    const { newFactor } = await readBody(request, AddFactorChallengeRequest)
    const payload = ctx.ids.random(32)
    const context = { kind: 'ADDFACTOR', oidcToken: newFactor.oidcToken }
    const fresh = await keypairChallenge(ctx, { kind: 'ADDFACTORBYNEWFACTOR' })
    return json(200, {
      existingFactorChallenge: payload.toString('base64'),
      existingFactorToken: await ctx.challenges.seal({ type: 'PASSKEY', context, payload }),
      newFactorChallenge: fresh.challenge,
      newFactorToken: fresh.token,
    })
  },
})

/** Paths as they stand behind `/v1` and, as seeds/001 writes them, without it. */
export const challengeRoutes: FactorRoute[] = [
  ['/create/challenge/passkey', createPasskey],
  ['/create/challenge/keypair', keypairFor('challengeCreate', 'CREATE', 'Challenge for a first factor')],
  ['/retrieve/challenge/passkey', passkeyFor('challengeRetrievePasskey', 'RETRIEVE', 'Options to retrieve by passkey')],
  ['/retrieve/challenge/keypair', keypairFor('challengeRetrieve', 'RETRIEVE', 'Challenge to retrieve by key pair')],
  [
    '/verify-factor/challenge/passkey',
    passkeyFor('challengeVerifyPasskey', 'VERIFYFACTOR', 'Options to try a passkey'),
  ],
  ['/verify-factor/challenge/keypair', keypairFor('challengeVerify', 'VERIFYFACTOR', 'Challenge to try a factor')],
  [
    '/add-sync-factor/challenge/keypair',
    keypairFor('challengeAddSyncFactor', 'ADDSYNCFACTOR', 'Challenge for a new sync factor'),
  ],
  ['/sync/challenge/keypair', keypairFor('challengeSync', 'SYNC', 'Challenge for a sync factor to sync')],
  [
    '/retrieve-metadata/challenge/keypair',
    keypairFor('challengeRetrieveMetadata', 'RETRIEVEMETADATA', 'Challenge for a sync factor to read metadata'),
  ],
  ['/delete-factor/challenge/keypair', deleteFactor],
  [
    '/delete-backup/challenge/keypair',
    keypairFor('challengeDeleteBackup', 'DELETEBACKUP', 'Challenge for a sync factor to delete the backup'),
  ],
  ['/reset/challenge/keypair', reset],
  ['/add-factor/challenge', addFactor],
  [
    '/history/challenge/passkey',
    passkeyFor('challengeHistoryPasskey', 'HISTORY', 'Options to read history by passkey'),
  ],
  [
    '/history/challenge/keypair',
    keypairFor('challengeHistory', 'HISTORY', 'Challenge for a main factor to read history'),
  ],
  ['/restore/challenge/passkey', passkeyFor('challengeRestorePasskey', 'RESTORE', 'Options to restore by passkey')],
  ['/restore/challenge/keypair', keypairFor('challengeRestore', 'RESTORE', 'Challenge for a main factor to restore')],
]
