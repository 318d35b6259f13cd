import { toBase64 } from '#client/encoding/base64.ts'
import { isServerError, ProtocolError } from '#client/transport/errors.ts'
import type { Reply } from '#client/transport/reply.ts'
import { type Call, Transport } from '#client/transport/transport.ts'
import type { OnProgress } from '#client/transport/upload-body.ts'
import { NotSignedIn } from './errors.ts'
import { failureStatuses, readFailure, wordBusy } from './read-failure.ts'

/** The most the server can be set to keep as one persona (design §7). */
const largestPersona = 100 * 1024 * 1024

export type Credentials = { email: string; password: string }

export type PersonasClientOptions = {
  /** A server address, a path in it allowed, or a transport of one's own. */
  server: string | Transport
  credentials?: Credentials
}

export type GetOptions = { onProgress?: OnProgress; signal?: AbortSignal }
export type PutOptions = {
  contentType: string
  /** `etag` of the persona this one replaces; another one there is 412. */
  ifMatch?: string
  onProgress?: OnProgress
  signal?: AbortSignal
}

export type StoredPersona = {
  bytes: Uint8Array<ArrayBuffer>
  /** As it was uploaded. */
  contentType: string
  /** Opaque; null from servers that have none. */
  etag: string | null
}

export type ServerStatus = {
  name: string
  /** `[1, 0, 0]` */
  version: number[]
  /** RFC 3339. */
  started: string
  url: string
}

/**
 * The Key Backup Service (contracts/personas.md). Every call on personas carries e-mail address and account password;
 * there is no session. All calls throw ServerError, with the envelope's code as text (`4.9`), and NetworkError; others
 * are named.
 */
export class PersonasClient {
  readonly transport: Transport
  #credentials: Credentials | null

  constructor({ server, credentials }: PersonasClientOptions) {
    this.transport = typeof server === 'string' ? new Transport({ baseUrl: server }) : server
    this.#credentials = credentials ?? null
  }

  /** Create an account and sign in to it. 409: the address has one; 403: registration is closed. */
  async register(email: string, password: string): Promise<void> {
    // Before an account is made that nobody could sign in to.
    basic({ email, password })
    await this.#command({ method: 'POST', path: '/accounts', json: { email, password } })
    this.#credentials = { email, password }
  }

  /**
   * Use these from now on, if the server takes them.
   *
   * @throws NotSignedIn
   */
  async signIn(email: string, password: string): Promise<void> {
    const credentials = { email, password }
    await (await this.#send({ method: 'GET', path: '/personas' }, credentials)).discard()
    this.#credentials = credentials
  }

  /** Ids, ascending. @throws NotSignedIn, ProtocolError */
  async list(): Promise<string[]> {
    const { personas } = fieldsOf(await (await this.#sendSigned({ method: 'GET', path: '/personas' })).json())
    if (!Array.isArray(personas) || !personas.every((id) => typeof id === 'string')) throw unexpected()
    return personas
  }

  /** @returns null when there is none. @throws NotSignedIn, TypeError for an impossible id */
  async get(id: string, { onProgress, signal }: GetOptions = {}): Promise<StoredPersona | null> {
    const call = { method: 'GET', path: pathOf(id), accept: [410], signal }
    const reply = await this.#sendSigned(call)
    if (reply.status === 410) {
      await reply.discard()
      return null
    }
    const contentType = reply.headers.get('content-type') ?? 'application/octet-stream'
    const bytes = await reply.bytes({ maxBytes: largestPersona, onProgress })
    return { bytes, contentType, etag: reply.headers.get('etag') }
  }

  /**
   * Store a persona, new or over the one that is there. Repeated when the answer is lost, but not with `ifMatch`: the
   * repetition would meet its own result as somebody else's.
   *
   * @returns the new `etag`. 412: there is another one than `ifMatch` says; 413: too large
   * @throws NotSignedIn, TypeError for an impossible id
   */
  async put(id: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<{ etag: string | null }> {
    const { contentType, ifMatch, onProgress, signal } = options
    const condition: Record<string, string> = ifMatch === undefined ? {} : { 'if-match': ifMatch }
    const reply = await this.#sendSigned({
      method: 'POST',
      path: pathOf(id),
      body: bytes,
      headers: { 'content-type': contentType, ...condition },
      idempotent: ifMatch === undefined,
      onProgress,
      signal,
    })
    await reply.discard()
    return { etag: reply.headers.get('etag') }
  }

  /** Nothing there is fine too. @throws NotSignedIn, TypeError for an impossible id */
  async remove(id: string): Promise<void> {
    await (await this.#sendSigned({ method: 'DELETE', path: pathOf(id) })).discard()
  }

  /** Have a reset code mailed; the answer is the same for unknown addresses. */
  async requestReset(email: string): Promise<void> {
    // Not repeated after a lost answer: a second code would make the first, already mailed, worthless.
    await this.#command({ method: 'PUT', path: '/password/reset', json: { email }, idempotent: false })
  }

  /** Set a new password with the mailed code. 410: wrong, used or old code, or unknown address. Signs nobody in. */
  async reset(email: string, code: string, password: string): Promise<void> {
    basic({ email, password })
    await this.#command({ method: 'POST', path: '/password/reset', json: { email, reset_code: code, password } })
  }

  /** @throws ProtocolError when something else answers at this address */
  async status(): Promise<ServerStatus> {
    const reply = await this.#send({ method: 'GET', path: '/status' }, null)
    const { name, version, started, url } = fieldsOf(await reply.json())
    const isVersion = Array.isArray(version) && version.every((part) => typeof part === 'number')
    if (typeof name !== 'string' || typeof started !== 'string' || typeof url !== 'string' || !isVersion) {
      throw unexpected()
    }
    return { name, version, started, url }
  }

  async #command(call: Call): Promise<void> {
    await (await this.#send(call, null)).discard()
  }

  #sendSigned(call: Call): Promise<Reply> {
    if (this.#credentials === null) throw new NotSignedIn('Sign in first')
    return this.#send(call, this.#credentials)
  }

  async #send(call: Call, credentials: Credentials | null): Promise<Reply> {
    const headers = credentials ? { ...call.headers, authorization: basic(credentials) } : call.headers
    const reply = await this.transport.send({ ...call, headers, accept: failureStatuses }).catch((error) => {
      throw isServerError(error, 401) ? new NotSignedIn() : wordBusy(error)
    })
    if (reply.status < 400 || call.accept?.includes(reply.status)) return reply
    throw await readFailure(reply)
  }
}

/**
 * Throws for ids that cannot be one path segment: empty, with a slash (personas §3), or `.` and `..`, which every HTTP
 * client resolves before it asks.
 *
 * @throws TypeError
 */
export function checkPersonaId(id: string): void {
  if (['', '.', '..'].includes(id) || id.includes('/') || !id.isWellFormed()) throw new TypeError('Not a persona id')
}

function pathOf(id: string): string {
  checkPersonaId(id)
  return `/personas/${encodeURIComponent(id)}`
}

/**
 * `Authorization` in UTF-8 (RFC 7617 §2.1). Nothing is normalised: other clients of this protocol do not, and one
 * account must open with the same keys typed on all of them.
 *
 * @throws NotSignedIn for what the header cannot say
 */
function basic({ email, password }: Credentials): string {
  if (email.includes(':')) throw new NotSignedIn('An e-mail address with a colon cannot sign in')
  if (!email.isWellFormed() || !password.isWellFormed()) {
    throw new NotSignedIn('E-mail address or account password contains a broken character')
  }
  return `Basic ${toBase64(new TextEncoder().encode(`${email}:${password}`))}`
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unexpected()
  return value as Record<string, unknown>
}

function unexpected(): ProtocolError {
  return new ProtocolError('The answer is not what a Key Backup Service sends. Is the address right?')
}
