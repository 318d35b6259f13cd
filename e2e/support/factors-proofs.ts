/** The requests that an EC key pair proves, in one shape, so that one test can hold them all to §3.3. */
import {
  type Api,
  type Backup,
  type Challenge,
  type Challenged,
  createBackup,
  createPayload,
  type Draft,
  draft,
  freshHash,
  hashes,
  initialSync,
  ok,
} from './factors.ts'
import { type EcAuthorization, type EcKey, ecKey } from './factors-keys.ts'

/** A request that lacks nothing but its proof. */
export type Unproven = {
  /** Whose signature is asked for. */
  key: EcKey
  bound: Record<string, string>
  send(authorization: EcAuthorization | Record<string, unknown>, challengeToken: string): Promise<[number, unknown]>
}

export type ProvenRoute = {
  name: string
  context: Challenged
  /** Status of success. */
  status: 200 | 204
  /** What a second use says; a deleted backup has no key any more that could be told so. */
  replay: 'already_used' | 'backup_untraceable'
  prepare(api: Api): Promise<Unproven>
}

/** Each route that takes an EC proof, `/create` twice: it takes two. `/reset` has rules of its own. */
export const provenRoutes: ProvenRoute[] = [
  route('create (main factor)', 'create', async (api) => {
    const one = draft()
    const { payload, sync } = await createWithout(api, one)
    return {
      key: one.main,
      bound: {},
      send: async (authorization, challengeToken) =>
        api.sendForm('create', { ...payload, ...(await sync()), authorization, challengeToken }, one.bytes),
    }
  }),
  route('create (sync factor)', 'create', async (api) => {
    const one = draft()
    const { payload, main } = await createWithout(api, one)
    return {
      key: one.sync,
      bound: {},
      send: async (initialSyncFactor, initialSyncChallengeToken) =>
        api.sendForm(
          'create',
          { ...payload, ...(await main()), initialSyncFactor, initialSyncChallengeToken },
          one.bytes,
        ),
    }
  }),
  route('retrieve', 'retrieve', async (api) => plain(api, 'retrieve/from-challenge', (one) => one.main)),
  route('verify-factor', 'verify-factor', async (api) => plain(api, 'verify-factor', (one) => one.main)),
  route('retrieve-metadata', 'retrieve-metadata', async (api) => plain(api, 'retrieve-metadata', (one) => one.sync)),
  route('sync', 'sync', async (api) => {
    const one = await createBackup(api)
    return {
      key: one.sync,
      bound: {},
      send: (authorization, challengeToken) =>
        api.sendForm(
          'sync',
          { authorization, challengeToken, ...hashes(one.manifestHash, one.manifestHash) },
          one.bytes,
        ),
    }
  }),
  route('add-sync-factor', 'add-sync-factor', async (api) => {
    const one = await createBackup(api)
    const { syncFactorToken } = ok(await api.retrieve(one.main))
    return {
      key: ecKey(),
      bound: {},
      send: (syncFactor, challengeToken) =>
        api.send('add-sync-factor', { syncFactor, challengeToken, syncFactorToken }),
    }
  }),
  route('delete-factor', 'delete-factor', async (api) => {
    const one = await createBackup(api)
    const { syncFactorToken } = ok(await api.retrieve(one.main))
    const other = ecKey()
    ok(await api.addSyncFactor(String(syncFactorToken), other))
    const factorId = one.metadata.syncFactors[0]?.id ?? ''
    return {
      key: other,
      bound: { factorId },
      send: (authorization, challengeToken) =>
        api.send('delete-factor', { authorization, challengeToken, factorId, scope: 'SYNC' }),
    }
  }),
  {
    ...route('delete-backup', 'delete-backup', async (api) => plain(api, 'delete-backup', (one) => one.sync)),
    status: 204,
    replay: 'backup_untraceable',
  },
]

function route(name: string, context: Challenged, prepare: ProvenRoute['prepare']): ProvenRoute {
  return { name, context, status: 200, replay: 'already_used', prepare }
}

/** A route whose body is the proof and nothing else. */
async function plain(api: Api, path: string, keyOf: (one: Backup) => EcKey): Promise<Unproven> {
  const one = await createBackup(api)
  return {
    key: keyOf(one),
    bound: {},
    send: (authorization, challengeToken) => api.send(path, { authorization, challengeToken }),
  }
}

/** The payload of `/create` and both proofs, each made afresh: an attempt burns what it got to. */
async function createWithout(api: Api, one: Draft) {
  const payload = await createPayload(api, one)
  return {
    payload: { ...payload, manifestHash: freshHash() },
    main: () => api.prove('create', one.main),
    sync: () => initialSync(api, one.sync),
  }
}

/** A challenge for that request. */
export function challengeFor(api: Api, { context }: ProvenRoute, { bound }: Unproven): Promise<Challenge> {
  return api.challenge(context, bound)
}
