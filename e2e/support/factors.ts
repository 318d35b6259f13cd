/** A client of factor backups that says every word itself, for tests of the wire (contract factor-backup). */
import { randomBytes } from 'node:crypto'
import { said } from './cloud.ts'
import { type AccountKey, accountKey, type EcAuthorization, type EcKey, ecKey } from './factors-keys.ts'
import { backupForm, type Form } from './factors-multipart.ts'
import { type StartOptions, startServer, type TestServer } from './server.ts'

/** The relying party that the contract's own clients know (§3.4). */
export const relyingParty = {
  HEARTHKEEP_RP_ID: 'keys.world.app',
  HEARTHKEEP_RP_NAME: 'World App',
  HEARTHKEEP_RP_ORIGINS: [
    'https://keys.world.app',
    'android:apk-key-hash:o0Fu39yqrsxeWSucqge7eOzG8xrsRAn0nKbTtN_x2-A',
    'android:apk-key-hash:nSrXEn8JkZKXFMAZW0NHhDRTHNi38YE2XCvVzYXjRu8',
  ].join(','),
}

/** A server for these tests: no pages, the contract's relying party. */
export function startFactors(options: StartOptions = {}): Promise<TestServer> {
  const preload = [...(options.preload ?? [])]
  return startServer({ ...options, preload, env: { ...relyingParty, ...options.env } })
}

export type Factor = { id: string; createdAt: number; kind: { kind: string } & Record<string, unknown> }
export type EncryptionKey = {
  kind: string
  encryptedKey: string
  turnkeyAccountId?: string
  turnkeyUserId?: string
  turnkeyPrivateKeyId?: string
}
export type Metadata = {
  id: string
  keys: EncryptionKey[]
  factors: Factor[]
  syncFactors: Factor[]
  manifestHash: string
}
export type Challenge<Options = string> = { challenge: Options; token: string }
/** Everything a route wants to know about who asks. */
export type Proof = { authorization: EcAuthorization; challengeToken: string }

/** Routes with a challenge of their own, by the path before `/challenge/…`. */
export type Challenged =
  | 'create'
  | 'retrieve'
  | 'verify-factor'
  | 'add-sync-factor'
  | 'sync'
  | 'retrieve-metadata'
  | 'delete-factor'
  | 'delete-backup'
  | 'reset'

export type Api = ReturnType<typeof factorsAt>

/** The routes of a server. @param prefix  how their paths are spelled: design §1 has both */
export function factorsAt(url: string, prefix: '/v1' | '' = '/v1') {
  const at = (path: string) => `${url}${prefix}/${path}`

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(at(path), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  const postForm = (path: string, { body, type }: Form) =>
    fetch(at(path), { method: 'POST', headers: { 'Content-Type': type }, body })

  async function challenge(route: Challenged, bound: Record<string, string> = {}): Promise<Challenge> {
    const answer = await post(`${route}/challenge/keypair`, bound)
    if (answer.status !== 200) throw new Error(`challenge for ${route}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Challenge
  }

  async function prove(route: Challenged, key: EcKey, bound: Record<string, string> = {}): Promise<Proof> {
    const { challenge: text, token } = await challenge(route, bound)
    return { authorization: key.authorize(text), challengeToken: token }
  }

  const sendForm = (path: string, payload: unknown, backup: Uint8Array) =>
    said(postForm(path, backupForm(payload, backup)))
  const send = (path: string, body: unknown, headers?: Record<string, string>) => said(post(path, body, headers))

  return {
    url,
    at,
    /** The plain answer. */
    post,
    postForm,
    challenge,
    prove,
    /** `[status, body]`. */
    send,
    sendForm,
    retrieve: async (main: EcKey) => send('retrieve/from-challenge', await prove('retrieve', main)),
    verify: async (main: EcKey) => send('verify-factor', await prove('verify-factor', main)),
    metadata: async (sync: EcKey, more: Record<string, unknown> = {}) =>
      send('retrieve-metadata', { ...(await prove('retrieve-metadata', sync)), ...more }),
    status: (backupId: string) => send('backup/status', { backupId }),
    sync: async (sync: EcKey, hashes: Hashes, backup: Uint8Array) =>
      sendForm('sync', { ...(await prove('sync', sync)), ...hashes }, backup),
    deleteFactor: async (sync: EcKey, factorId: string, scope: 'MAIN' | 'SYNC', encryptionKey?: unknown) =>
      send('delete-factor', {
        ...(await prove('delete-factor', sync, { factorId })),
        factorId,
        scope,
        ...(encryptionKey === undefined ? {} : { encryptionKey }),
      }),
    deleteBackup: async (sync: EcKey) => send('delete-backup', await prove('delete-backup', sync)),
    addSyncFactor: async (syncFactorToken: string, key: EcKey) => {
      const { authorization, challengeToken } = await prove('add-sync-factor', key)
      return send('add-sync-factor', { challengeToken, syncFactor: authorization, syncFactorToken })
    },
    reset: async (account: AccountKey) => {
      const { challenge: text, token } = await challenge('reset', { backupAccountId: account.id })
      return send('reset', { backupAccountId: account.id, signature: account.sign(text), challengeToken: token })
    },
  }
}

export type Hashes = { currentManifestHash: string; newManifestHash: string }

export function hashes(current: string, next = freshHash()): Hashes {
  return { currentManifestHash: current, newManifestHash: next }
}

export function freshHash(): string {
  return randomBytes(32).toString('hex')
}

export type Draft = {
  account: AccountKey
  id: string
  main: EcKey
  sync: EcKey
  manifestHash: string
  bytes: Buffer
  encryptionKey: EncryptionKey
}

/** A backup that nobody has sent yet, with keys of its own. */
export function draft(over: Partial<Draft> = {}): Draft {
  const account = over.account ?? accountKey()
  return {
    account,
    id: account.id,
    main: ecKey(),
    sync: ecKey(),
    manifestHash: freshHash(),
    bytes: randomBytes(500),
    encryptionKey: { kind: 'ICLOUD', encryptedKey: randomBytes(80).toString('hex') },
    ...over,
  }
}

/** The `payload` of `/create` for a draft whose main factor is an EC key pair, with challenges of its own. */
export async function createPayload(api: Api, one: Draft): Promise<Record<string, unknown>> {
  return {
    ...(await api.prove('create', one.main)),
    initialEncryptionKey: one.encryptionKey,
    ...(await initialSync(api, one.sync)),
    manifestHash: one.manifestHash,
    backupAccountId: one.id,
  }
}

/** The two fields of `/create` that bring the first sync factor. */
export async function initialSync(api: Api, sync: EcKey) {
  const { authorization, challengeToken } = await api.prove('create', sync)
  return { initialSyncFactor: authorization, initialSyncChallengeToken: challengeToken }
}

export type Backup = Draft & { metadata: Metadata }

/** A new backup with an EC key pair as its main factor. @throws when it is refused */
export async function createBackup(api: Api, over: Partial<Draft> = {}): Promise<Backup> {
  const one = draft(over)
  const { backupMetadata } = ok(await api.sendForm('create', await createPayload(api, one), one.bytes))
  return { ...one, metadata: backupMetadata as Metadata }
}

/** A new sync factor by way of a retrieve. @throws when it is refused */
export async function joinAsSyncDevice(api: Api, main: EcKey): Promise<EcKey> {
  const { syncFactorToken } = ok(await api.retrieve(main))
  const key = ecKey()
  ok(await api.addSyncFactor(String(syncFactorToken), key))
  return key
}

/** The body of a 200. @throws on anything else */
export function ok([status, body]: [status: number, body: unknown]): Record<string, unknown> {
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body as Record<string, unknown>
}
