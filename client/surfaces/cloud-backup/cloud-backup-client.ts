import { CryptoUnavailable } from '#client/crypto/errors.ts'
import { toBase64 } from '#client/encoding/base64.ts'
import { isNetworkError, isServerError } from '#client/transport/errors.ts'
import type { Reply } from '#client/transport/reply.ts'
import { pause } from '#client/transport/retry-policy.ts'
import { type Call, Transport } from '#client/transport/transport.ts'
import type { OnProgress } from '#client/transport/upload-body.ts'
import type { DeviceRegistration } from './device-keys.ts'
import { DeviceUnknown, isVersionConflict, NotSignedIn } from './errors.ts'
import { type Device, readDevice, readDevices, readSession, type Session } from './session.ts'
import { asSlotError, conditionHeaders, type Expected, formatVersion, versionOf } from './slot-version.ts'

/** The most the server can be set to keep in a slot (design §7). */
const largestBackup = 100 * 1024 * 1024
const lostAnswers = 2

export type CloudBackupClientOptions = {
  /** A server address, or a transport of one's own. */
  server: string | Transport
  /** A session kept from an earlier run. */
  session?: Session
  /** Called with every new session, and null at its end: refresh tokens work once, so the newest must be kept. */
  onSession?: (session: Session | null) => void
}

export type GetOptions = { ifNoneMatch?: number; onProgress?: OnProgress; signal?: AbortSignal }
export type PutOptions = {
  /** Version this upload replaces. */
  ifMatch?: number
  /** `'*'`: only if there is no backup yet. Wins over `ifMatch`, as on the server. */
  ifNoneMatch?: '*'
  onProgress?: OnProgress
  signal?: AbortSignal
}

export type Fetched =
  | { kind: 'none' }
  | { kind: 'unchanged' }
  | { kind: 'backup'; version: number; bytes: Uint8Array<ArrayBuffer> }

/** The cloud backup API (contracts/cloud-backup.md). All calls throw ServerError and NetworkError; others are named. */
export class CloudBackupClient {
  readonly transport: Transport
  readonly #onSession: (session: Session | null) => void
  #session: Session | null
  #refreshing: Promise<Session> | null = null

  constructor(options: CloudBackupClientOptions) {
    const { server } = options
    this.transport = typeof server === 'string' ? new Transport({ baseUrl: server }) : server
    this.#session = options.session ?? null
    this.#onSession = options.onSession ?? (() => {})
  }

  get session(): Session | null {
    return this.#session
  }

  /** Create the user. 409: the name is taken; 400: name or password break the rules; 403: registration is closed. */
  async signUp(username: string, password: string): Promise<Session> {
    const reply = await this.transport.send({ method: 'POST', path: '/v1/users', json: { username, password } })
    return this.#keep(readSession(await reply.json()))
  }

  /**
   * Sign in, without `deviceId` to the user's own slot, with it to that device's. 401: unknown user or wrong password.
   *
   * @throws DeviceUnknown where the server would silently answer with the user's own slot
   */
  async signIn(username: string, password: string, deviceId?: string): Promise<Session> {
    const json = { username, password, deviceId }
    const reply = await this.transport.send({ method: 'POST', path: '/v1/sessions', json })
    const session = readSession(await reply.json())
    if (deviceId !== undefined && session.deviceId !== deviceId) {
      await this.#end(session)
      throw new DeviceUnknown()
    }
    return this.#keep(session)
  }

  /** Exchange the refresh token for a new pair; calls at the same time share one exchange. 401: sign in again. */
  async refresh(): Promise<Session> {
    const { refreshToken } = this.#current()
    this.#refreshing ??= this.#exchange(refreshToken).finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /** End the session here and, if it can be reached, on the server. */
  async signOut(): Promise<void> {
    const session = this.#session
    this.#session = null
    this.#onSession(null)
    if (session) await this.#end(session)
  }

  /** Register this device; from then on the session addresses the device's slot. 403 when there are ten already. */
  async addDevice(registration: DeviceRegistration): Promise<Session> {
    const reply = await this.#send({ method: 'POST', path: '/v1/devices', json: registration })
    return this.#keep(readSession(await reply.json()))
  }

  /** Oldest first. */
  async listDevices(): Promise<Device[]> {
    return readDevices(await (await this.#send({ method: 'GET', path: '/v1/devices' })).json())
  }

  /** 404 for a device of somebody else. */
  async renameDevice(deviceId: string, name: string): Promise<Device> {
    const path = `/v1/devices/${encodeURIComponent(deviceId)}`
    return readDevice(await (await this.#send({ method: 'PUT', path, json: { name } })).json())
  }

  /** Removes the device and its backup. 404 for a device of somebody else. */
  async removeDevice(deviceId: string): Promise<void> {
    const path = `/v1/devices/${encodeURIComponent(deviceId)}`
    await (await this.#send({ method: 'DELETE', path })).discard()
  }

  /** Version and size in bytes of what is stored, or null. */
  async head(): Promise<{ version: number; size: number } | null> {
    const reply = await this.#send({ method: 'HEAD', path: '/v1/backup', accept: [404] })
    if (reply.status === 404) return null
    return { version: versionOf(reply.headers), size: Number(reply.headers.get('content-length')) }
  }

  /** @param options  with `ifNoneMatch`, a backup that still has this version is not sent again (`unchanged`) */
  async get(options: GetOptions = {}): Promise<Fetched> {
    const { ifNoneMatch, onProgress, signal } = options
    const reply = await this.#send({
      method: 'GET',
      path: '/v1/backup',
      accept: [304, 404],
      headers: ifNoneMatch === undefined ? {} : { 'if-none-match': formatVersion(ifNoneMatch) },
      signal,
    })
    if (reply.status !== 200) await reply.discard()
    if (reply.status === 404) return { kind: 'none' }
    if (reply.status === 304) return { kind: 'unchanged' }
    const bytes = await reply.bytes({ maxBytes: largestBackup, onProgress })
    return { kind: 'backup', version: versionOf(reply.headers), bytes }
  }

  /**
   * Store sealed bytes as the next version. After a lost answer the same bytes are sent again under the same condition,
   * which the server answers as if it were the first time.
   *
   * @throws VersionConflict (409 or 412), UploadInProgress (409)
   */
  async put(bytes: Uint8Array<ArrayBuffer>, options: PutOptions = {}): Promise<{ version: number }> {
    const expected: Expected = options.ifNoneMatch ? 'none' : options.ifMatch
    const digest = await sha256(bytes)
    const call: Call = {
      method: 'POST',
      path: '/v1/backup',
      body: bytes,
      headers: {
        ...conditionHeaders(expected),
        'content-type': 'application/octet-stream',
        // Our server refuses bytes that changed on the way (RFC 9530); others ignore it.
        'content-digest': `sha-256=:${toBase64(digest)}:`,
      },
      onProgress: options.onProgress,
      signal: options.signal,
    }
    for (let lost = 0; ; lost += 1) {
      try {
        const reply = await this.#send(call)
        await reply.discard()
        return { version: versionOf(reply.headers) }
      } catch (error) {
        if (isNetworkError(error) && lost < lostAnswers) {
          await pause(200 * 2 ** lost, options.signal)
          continue
        }
        const slotError = asSlotError(error)
        const own = lost > 0 && isVersionConflict(slotError) ? await this.#versionHolding(bytes) : null
        if (own === null) throw slotError
        return { version: own }
      }
    }
  }

  /**
   * A first upload has no version to be recognised by, so its repetition meets a conflict with itself. Sealed bytes are
   * never equal by chance: equal bytes are ours.
   */
  async #versionHolding(bytes: Uint8Array<ArrayBuffer>): Promise<number | null> {
    const fetched = await this.get()
    if (fetched.kind !== 'backup' || fetched.bytes.byteLength !== bytes.byteLength) return null
    return fetched.bytes.every((byte, index) => byte === bytes[index]) ? fetched.version : null
  }

  /** Send with the session's token; when it has ended, refresh once and send again. */
  async #send(call: Call): Promise<Reply> {
    const { token } = this.#current()
    try {
      return await this.transport.send({ ...call, bearer: token })
    } catch (error) {
      if (!isServerError(error, 401)) throw error
      // Another call may have refreshed while this one was under way.
      const fresh = this.#current().token === token ? await this.refresh() : this.#current()
      return this.transport.send({ ...call, bearer: fresh.token })
    }
  }

  async #exchange(refreshToken: string): Promise<Session> {
    const call = { method: 'POST', path: '/v1/sessions/refresh', json: { refreshToken } }
    const session = readSession(await (await this.transport.send(call)).json())
    if (this.#session !== null) return this.#keep(session)
    // Signed out meanwhile: the new pair must not bring the session back.
    await this.#end(session)
    throw new NotSignedIn()
  }

  async #end({ token, refreshToken }: Session): Promise<void> {
    const call = { method: 'DELETE', path: '/v1/sessions', json: { refreshToken }, bearer: token, idempotent: false }
    try {
      await (await this.transport.send(call)).discard()
    } catch (error) {
      // The session is forgotten here in any case and ends by itself there.
      if (!isServerError(error) && !isNetworkError(error)) throw error
    }
  }

  #keep(session: Session): Session {
    this.#session = session
    this.#onSession(session)
    return session
  }

  #current(): Session {
    if (this.#session === null) throw new NotSignedIn()
    return this.#session
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) throw new CryptoUnavailable()
  return new Uint8Array(await subtle.digest('SHA-256', bytes))
}
