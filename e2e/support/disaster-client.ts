import { randomUUID } from 'node:crypto'
import { createDeviceKeys } from '#client/surfaces/cloud-backup/device-keys.ts'
import { sha256 } from './disaster-random.ts'

/** What disasters are told to: asked for its address each time, because a restart moves it. */
export type Reachable = { readonly url: string }

export type Answer = {
  status: number
  /** From the ETag, null without one. */
  version: number | null
  length: number | null
  body: Buffer
  /** SHA-256 of the body, hex; comparing megabytes in an assertion takes seconds. */
  hash: string
  /** `error` of the contract's envelope (cloud-backup §1), null where there is none. */
  error: string | null
  milliseconds: number
}

type Session = { token: string; refreshToken: string; deviceId?: string }

/** No answer may take longer than this, whatever has happened to the server. */
const patience = 30_000

/** A backup slot, spoken to as the contract says and without any help that could hide a fault. */
export class CloudSlot {
  readonly deviceId: string | null
  /** Whose row it is in the database: the account's id or the device's. */
  readonly ownerId: string
  readonly #server: Reachable
  #session: Session

  constructor(server: Reachable, session: Session) {
    this.#server = server
    this.#session = session
    this.deviceId = session.deviceId ?? null
    this.ownerId = this.deviceId ?? accountIdIn(session.token)
  }

  get token(): string {
    return this.#session.token
  }

  /** The same slot at another address. */
  at(server: Reachable): CloudSlot {
    return new CloudSlot(server, this.#session)
  }

  /** @param expected  the version last seen, 0 for none; the precondition header says so */
  put(bytes: Uint8Array, expected: number, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#call('POST', '/v1/backup', { ...preconditionFor(expected), ...headers }, Buffer.from(bytes))
  }

  get(headers: Record<string, string> = {}): Promise<Answer> {
    return this.#call('GET', '/v1/backup', headers)
  }

  head(): Promise<Answer> {
    return this.#call('HEAD', '/v1/backup')
  }

  /** Trade the refresh token for a new pair. @returns the status */
  async refresh(): Promise<number> {
    const answer = await this.#json('/v1/sessions/refresh', { refreshToken: this.#session.refreshToken })
    if (answer.status === 200) this.#session = JSON.parse(answer.body.toString()) as Session
    return answer.status
  }

  /** Register one more device of this person. */
  async addDevice(): Promise<CloudSlot> {
    const { registration } = await createDeviceKeys('disaster')
    const answer = await this.#json('/v1/devices', registration)
    if (answer.status !== 201) throw new Error(`The device was refused: ${answer.status} ${answer.body.toString()}`)
    return new CloudSlot(this.#server, JSON.parse(answer.body.toString()) as Session)
  }

  #json(path: string, body: unknown): Promise<Answer> {
    return this.#call('POST', path, { 'Content-Type': 'application/json' }, Buffer.from(JSON.stringify(body)))
  }

  #call(method: string, path: string, headers?: Record<string, string>, body?: Buffer<ArrayBuffer>): Promise<Answer> {
    return call(this.#server, method, path, { Authorization: `Bearer ${this.token}`, ...headers }, body)
  }
}

export type Person = { username: string; password: string; slot: CloudSlot }

export async function signUp(server: Reachable): Promise<Person> {
  const username = `p${randomUUID().replaceAll('-', '')}`
  const password = 'correct horse battery staple'
  return { username, password, slot: new CloudSlot(server, await openSession(server, '/v1/users', username, password)) }
}

export async function signIn(server: Reachable, { username, password }: Person): Promise<CloudSlot> {
  return new CloudSlot(server, await openSession(server, '/v1/sessions', username, password))
}

async function openSession(server: Reachable, path: string, username: string, password: string): Promise<Session> {
  const body = Buffer.from(JSON.stringify({ username, password }))
  const answer = await call(server, 'POST', path, { 'Content-Type': 'application/json' }, body)
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body.toString()}`)
  return JSON.parse(answer.body.toString()) as Session
}

/** One request. @throws when no whole answer comes */
export async function call(
  server: Reachable,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer<ArrayBuffer>,
): Promise<Answer> {
  const started = performance.now()
  const signal = AbortSignal.timeout(patience)
  const answer = await fetch(`${server.url}${path}`, { method, headers, body: body ?? null, signal })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const length = answer.headers.get('content-length')
  return {
    status: answer.status,
    version: versionIn(answer.headers.get('etag')),
    length: length === null ? null : Number(length),
    body: bytes,
    hash: sha256(bytes),
    error: errorIn(answer, bytes),
    milliseconds: performance.now() - started,
  }
}

/** @param expected  the version last seen, 0 for none */
export function preconditionFor(expected: number): Record<string, string> {
  return expected === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${expected}"` }
}

/** The strong, quoted decimal of cloud-backup §3; anything else is a fault worth failing for. */
export function versionIn(etag: string | null): number | null {
  if (etag === null) return null
  const digits = /^"(\d+)"$/.exec(etag)?.[1]
  if (digits === undefined) throw new Error(`Not an ETag of this contract: ${etag}`)
  return Number(digits)
}

function errorIn(answer: Response, body: Buffer): string | null {
  if (answer.ok || body.length === 0 || answer.headers.get('content-type') !== 'application/json') return null
  const { error } = JSON.parse(body.toString()) as { error?: unknown }
  return typeof error === 'string' ? error : null
}

function accountIdIn(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }
  return claims.sub
}
