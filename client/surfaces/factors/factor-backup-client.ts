import { isServerError } from '#client/transport/errors.ts'
import type { Reply } from '#client/transport/reply.ts'
import { type Call, Transport } from '#client/transport/transport.ts'
import type { Body, OnProgress } from '#client/transport/upload-body.ts'
import { asFactorError } from './errors.ts'
import { multipartBody } from './multipart-body.ts'
import type * as wire from './wire.ts'
import { fieldsOf, isList, readMetadata, readTexts, unexpected } from './wire.ts'

/** The most the server can be set to keep (design §7), in base64 and with its metadata. */
const largestAnswer = 140 * 1024 * 1024

export type FactorBackupClientOptions = {
  /** A server address with or without `/v1` at its end, or a transport of one's own. */
  server: string | Transport
  /** What a server with an attestation gate asks for (§6): one token, or one made for each request. */
  attestation?: string | ((request: { path: string; body: string }) => Promise<string>)
  /** Free text for the server's log. */
  clientVersion?: string
  /** Where new backups are made, if not at `/v1/create`: the door of a page for people who are signed in. */
  createPath?: string
}

export type TransferOptions = { onProgress?: OnProgress; signal?: AbortSignal }

/** What a keypair challenge may be asked for; it cannot be used for anything else (§3.2). */
export type KeypairPurpose =
  | 'create'
  | 'retrieve'
  | 'verify-factor'
  | 'add-sync-factor'
  | 'sync'
  | 'retrieve-metadata'
  | 'delete-backup'
  | 'history'
  | 'restore'
export type PasskeyPurpose = 'retrieve' | 'verify-factor' | 'history' | 'restore'

/**
 * The factor backup API, one method a route (contracts/factor-backup.md §4). All throw FactorError where something can
 * be done about the refusal, else ServerError; NetworkError; ProtocolError. Challenges are good for one use: nothing
 * that spends one is repeated here.
 */
export class FactorBackupClient {
  readonly transport: Transport
  readonly #prefix: string
  readonly #options: FactorBackupClientOptions

  constructor(options: FactorBackupClientOptions) {
    const { server } = options
    this.transport = typeof server === 'string' ? new Transport({ baseUrl: server }) : server
    this.#prefix = this.transport.baseUrl.endsWith('/v1') ? '' : '/v1'
    this.#options = options
  }

  async keypairChallenge(purpose: KeypairPurpose): Promise<wire.KeypairChallenge> {
    return readTexts(await this.#ask(`/${purpose}/challenge/keypair`, {}), 'challenge', 'token')
  }

  /** For an existing passkey. */
  async passkeyChallenge(purpose: PasskeyPurpose): Promise<wire.PasskeyChallenge> {
    return readPasskeyChallenge(await this.#ask(`/${purpose}/challenge/passkey`, {}))
  }

  /** For a new passkey. Neither name may be empty. */
  async newPasskeyChallenge(names: {
    name: string
    displayName: string
    platform: 'IOS' | 'ANDROID'
  }): Promise<wire.PasskeyChallenge> {
    return readPasskeyChallenge(await this.#ask('/create/challenge/passkey', names))
  }

  async deleteFactorChallenge(factorId: string): Promise<wire.KeypairChallenge> {
    return readTexts(await this.#ask('/delete-factor/challenge/keypair', { factorId }), 'challenge', 'token')
  }

  async resetChallenge(backupAccountId: string): Promise<wire.KeypairChallenge> {
    return readTexts(await this.#ask('/reset/challenge/keypair', { backupAccountId }), 'challenge', 'token')
  }

  /** §4.3. */
  async create(
    payload: wire.CreatePayload,
    backup: Exclude<Body, string>,
    options: TransferOptions = {},
  ): Promise<wire.BackupMetadata> {
    const path = this.#options.createPath ?? `${this.#prefix}/create`
    const answer = await this.#upload(path, payload, backup, options)
    return readMetadata(fieldsOf(answer).backupMetadata)
  }

  /** §4.8; the backup's id. */
  async sync(payload: wire.SyncPayload, backup: Exclude<Body, string>, options: TransferOptions = {}): Promise<string> {
    return readTexts(await this.#upload(`${this.#prefix}/sync`, payload, backup, options), 'backupId').backupId
  }

  /** §4.4. */
  async retrieve(proof: wire.Proof, { onProgress, signal }: TransferOptions = {}): Promise<wire.Retrieved> {
    const reply = await this.#post('/retrieve/from-challenge', proof, { gated: true, signal })
    const text = new TextDecoder().decode(await reply.bytes({ maxBytes: largestAnswer, onProgress }))
    const answer = parse(text)
    const { backup, syncFactorToken } = readTexts(answer, 'backup', 'syncFactorToken')
    return { backup: decodeBase64(backup), metadata: readMetadata(fieldsOf(answer).metadata), syncFactorToken }
  }

  /** Whether a main factor still opens its backup (§4.5); the backup's id. */
  async verifyFactor(proof: wire.Proof): Promise<string> {
    const reply = await this.#post('/verify-factor', proof, { gated: true })
    return readTexts(await reply.json(), 'backupId').backupId
  }

  /** §4.6; the backup's id. */
  async addSyncFactor(request: {
    challengeToken: string
    syncFactor: wire.Authorization
    syncFactorToken: string
  }): Promise<string> {
    return readTexts(await (await this.#post('/add-sync-factor', request)).json(), 'backupId').backupId
  }

  /** @param oidcToken  the id_token of the account to be added (§4.2) */
  async addFactorChallenge(oidcToken: string): Promise<wire.AddFactorChallenge> {
    const answer = await this.#ask('/add-factor/challenge', { newFactor: { kind: 'OIDC_ACCOUNT', oidcToken } })
    const names = ['existingFactorChallenge', 'existingFactorToken', 'newFactorChallenge', 'newFactorToken'] as const
    return readTexts(answer, ...names)
  }

  /** §4.7. */
  async addFactor(request: wire.AddFactorRequest) {
    return readFactorAdded(await (await this.#post('/add-factor', request)).json())
  }

  /** @param names  needed for a new passkey */
  async addMainFactorChallenge(request: {
    existingKind: wire.MainFactorKind
    newKind: wire.MainFactorKind
    name?: string
    displayName?: string
    platform?: 'IOS' | 'ANDROID'
  }): Promise<{ existing: wire.Challenge; added: wire.Challenge }> {
    const answer = fieldsOf(await this.#ask('/add-main-factor/challenge', request))
    const { existingFactorToken, newFactorToken } = readTexts(answer, 'existingFactorToken', 'newFactorToken')
    return {
      existing: readChallenge(answer.existingFactorChallenge, existingFactorToken),
      added: readChallenge(answer.newFactorChallenge, newFactorToken),
    }
  }

  async addMainFactor(request: wire.AddMainFactorRequest) {
    return readFactorAdded(await (await this.#post('/add-main-factor', request)).json())
  }

  /** §4.9. */
  async retrieveMetadata(proof: wire.Proof, backupId?: string): Promise<wire.BackupMetadata> {
    return readMetadata(await (await this.#post('/retrieve-metadata', { ...proof, backupId })).json())
  }

  /** §4.10; null when that was the last main factor and the backup is gone. */
  async deleteFactor(request: wire.DeleteFactorRequest): Promise<wire.BackupMetadata | null> {
    const answer = fieldsOf(await (await this.#post('/delete-factor', request, { gated: true })).json())
    return answer.backupDeleted === true ? null : readMetadata(answer.backupMetadata)
  }

  /** §4.11. */
  async deleteBackup(proof: wire.Proof): Promise<void> {
    await (await this.#post('/delete-backup', proof)).discard()
  }

  /** §4.12. */
  async reset(request: { backupAccountId: string; signature: string; challengeToken: string }): Promise<void> {
    await (await this.#post('/reset', request)).discard()
  }

  /** Who may open a backup, to anybody who knows its id (§4.13); null when there is none. */
  async status(backupId: string): Promise<wire.Status | null> {
    const call = { method: 'POST', path: `${this.#prefix}/backup/status`, json: { backupId }, idempotent: true }
    try {
      const { factors } = fieldsOf(await (await this.transport.send(call)).json())
      if (!isList(factors, (factor) => typeof fieldsOf(factor).kind === 'string')) throw unexpected()
      return { backupId, factors: factors as wire.Status['factors'] }
    } catch (error) {
      if (isServerError(error, 404) && error.code === 'not_found') return null
      throw asFactorError(error)
    }
  }

  /** Hearthkeep's own: earlier versions and removed factors of the backups of a main factor. */
  async history(proof: wire.Proof, backupId?: string): Promise<wire.BackupHistory[]> {
    const { backups } = fieldsOf(await (await this.#post('/history', { ...proof, backupId })).json())
    if (!isList(backups, (backup) => Array.isArray(fieldsOf(backup).versions))) throw unexpected()
    return backups as wire.BackupHistory[]
  }

  /** Hearthkeep's own: bring an earlier version, removed factors or a deleted backup back. */
  async restore(request: wire.Proof & { backupId?: string; version?: number; factorIds?: string[] }) {
    return readMetadata(await (await this.#post('/restore', request)).json())
  }

  /** Challenges change nothing, so they may be asked for again when the answer is lost. */
  async #ask(path: string, json: unknown): Promise<unknown> {
    return (await this.#post(path, json, { idempotent: true })).json()
  }

  async #upload(path: string, payload: unknown, backup: Exclude<Body, string>, options: TransferOptions) {
    const { contentType, body } = multipartBody(payload, backup)
    const headers = { 'content-type': contentType }
    const reply = await this.#send({ method: 'POST', path, headers, body, ...options })
    return reply.json()
  }

  async #post(
    path: string,
    json: unknown,
    { gated = false, ...more }: { gated?: boolean; idempotent?: boolean; signal?: AbortSignal } = {},
  ): Promise<Reply> {
    const { attestation, clientVersion } = this.#options
    const headers: Record<string, string> = {}
    if (clientVersion !== undefined) headers['client-version'] = clientVersion
    if (gated && attestation !== undefined) {
      // As the server is asked, whatever stands in front of it (§6 hashes the path).
      const request = { path: `/v1${path}`, body: JSON.stringify(json) }
      headers['attestation-token'] = typeof attestation === 'string' ? attestation : await attestation(request)
    }
    return this.#send({ method: 'POST', path: this.#prefix + path, json, headers, ...more })
  }

  async #send(call: Call): Promise<Reply> {
    return this.transport.send(call).catch((error) => {
      throw asFactorError(error)
    })
  }
}

function readPasskeyChallenge(value: unknown): wire.PasskeyChallenge {
  return { challenge: fieldsOf(fieldsOf(value).challenge), token: readTexts(value, 'token').token }
}

function readChallenge(challenge: unknown, token: string): wire.Challenge {
  return typeof challenge === 'string' ? { challenge, token } : { challenge: fieldsOf(challenge), token }
}

function readFactorAdded(value: unknown): { factorId: string; metadata: wire.BackupMetadata } {
  return { factorId: readTexts(value, 'factorId').factorId, metadata: readMetadata(fieldsOf(value).backupMetadata) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unexpected()
  }
}

/** Not checked for its one canonical spelling: what it holds is authenticated, and it may be 15 MiB and more. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at)
    return bytes
  } catch {
    throw unexpected()
  }
}
