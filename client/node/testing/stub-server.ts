import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * A server for unit tests that answers as contracts/cloud-backup.md and design §6 say, from memory, and misbehaves on
 * request. The proof against the real server is in e2e/.
 */
export type StubServer = {
  url: string
  requests: { method: string; path: string; headers: IncomingMessage['headers'] }[]
  /** The next request of this method and path is refused unseen, or carried out with its answer lost. */
  failNext(method: string, path: string, fault: Fault): void
  /** Access tokens issued so far stop working; refresh tokens stay. */
  expireTokens(): void
  /** Puts bytes into a user's slot, as another device would. */
  store(username: string, bytes: Uint8Array): void
  slot(username: string): Slot
  uploadInProgress: boolean
  registrationClosed: boolean
  /** Whether conflicts say which version is current, as ours do and the original does not. */
  conflictsCarryEtag: boolean
  [Symbol.asyncDispose](): Promise<void>
}

export type Fault = 'lose-answer' | 'drop' | { status: number; headers?: Record<string, string>; body?: string }

type Slot = { version: number; bytes: Buffer }
type Device = { deviceId: string; name: string | null; createdAt: string; slot: Slot }
type User = { name: string; password: string; slot: Slot; devices: Device[] }
type Access = { user: User; device?: Device }
type Answer = { status: number; body?: unknown; bytes?: Buffer; headers?: Record<string, string> }

const emptySlot = (): Slot => ({ version: 0, bytes: Buffer.alloc(0) })
const error = (status: number, text: string): Answer => ({ status, body: { error: text } })

export async function startStubServer(): Promise<StubServer> {
  const users = new Map<string, User>()
  const access = new Map<string, Access>()
  const refresh = new Map<string, Access>()
  const faults: { key: string; fault: Fault }[] = []

  const issue = (status: number, who: Access): Answer => {
    const token = `stub.${randomUUID()}.token`
    const refreshToken = randomBytes(32).toString('base64url')
    access.set(token, who)
    refresh.set(refreshToken, who)
    const expiresAt = Math.floor(Date.now() / 1000) + 900
    return { status, body: { token, refreshToken, expiresAt, deviceId: who.device?.deviceId } }
  }

  const signUp = ({ username, password }: Record<string, string>): Answer => {
    if (stub.registrationClosed) return error(403, 'Registration is closed on this server')
    if (!/^[A-Za-z0-9_]{3,50}$/.test(username ?? '')) return error(400, 'Username cannot be empty')
    if ((password ?? '').length < 12) return error(400, 'Password must be at least 12 characters long')
    const name = (username ?? '').toLowerCase()
    if (users.has(name)) return error(409, 'Username already exists')
    const user = { name, password: password ?? '', slot: emptySlot(), devices: [] }
    users.set(name, user)
    return issue(201, { user })
  }

  const signIn = ({ username, password, deviceId }: Record<string, string>): Answer => {
    const user = users.get((username ?? '').toLowerCase())
    if (!user || user.password !== password) return error(401, 'Unauthorized')
    return issue(200, { user, device: user.devices.find((device) => device.deviceId === deviceId) })
  }

  const rotate = ({ refreshToken }: Record<string, string>): Answer => {
    const who = refresh.get(refreshToken ?? '')
    if (!who) return error(401, 'Unauthorized')
    refresh.delete(refreshToken ?? '')
    return issue(200, who)
  }

  const devices = (method: string, path: string, { user }: Access, body: Record<string, string>): Answer => {
    const show = ({ deviceId, name, createdAt }: Device) => ({ deviceId, name, createdAt })
    if (path === '/v1/devices' && method === 'GET') return { status: 200, body: { devices: user.devices.map(show) } }
    if (path === '/v1/devices') {
      if (user.devices.length >= 10) return error(403, 'Device limit reached. Maximum allowed is 10.')
      if (!body.identityKey || !body.signedPreKey) return error(422, 'missing field')
      const createdAt = new Date().toISOString()
      const device = { deviceId: randomUUID(), name: body.name ?? null, createdAt, slot: emptySlot() }
      user.devices.push(device)
      return issue(201, { user, device })
    }
    const device = user.devices.find(({ deviceId }) => path === `/v1/devices/${deviceId}`)
    if (!device) return error(404, 'Not found')
    if (method === 'PUT') device.name = body.name ?? null
    if (method === 'DELETE') user.devices.splice(user.devices.indexOf(device), 1)
    return method === 'DELETE' ? { status: 200 } : { status: 200, body: show(device) }
  }

  const upload = (request: IncomingMessage, { user, device }: Access, bytes: Buffer): Answer => {
    const slot = device?.slot ?? user.slot
    const { 'if-match': match, 'if-none-match': none } = request.headers
    const etag = stub.conflictsCarryEtag ? { ETag: `"${slot.version}"` } : undefined
    const conflict = device ? error(412, 'Precondition failed') : error(409, 'The backup was changed')
    let expected: number | undefined
    if (none !== undefined) {
      if (none !== '*') return error(400, 'Invalid If-None-Match header')
      expected = 0
    } else if (match !== undefined) {
      if (!/^"?-?\d+"?$/.test(match)) return error(400, 'Invalid version in If-Match header')
      expected = Number(match.replaceAll('"', ''))
    } else if (device) return error(400, 'Missing If-Match or If-None-Match header')
    if (request.headers['content-length'] === undefined) return error(411, 'Length required')
    const digest = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
    if (request.headers['content-digest'] !== digest) return error(400, 'Digest mismatch')
    if (bytes.length < 32) return error(400, 'Backup too small')
    if (bytes.length > 2_097_152) return error(413, 'Payload too large')
    const repeated = expected !== undefined && expected >= 1 && expected === slot.version - 1
    if (repeated && bytes.equals(slot.bytes)) return { status: 200, headers: { ETag: `"${slot.version}"` } }
    if ((expected ?? 0) !== slot.version) return { ...conflict, headers: etag }
    if (stub.uploadInProgress) return { ...error(409, 'Upload already in progress'), headers: etag }
    slot.bytes = bytes
    slot.version += 1
    return { status: 200, headers: { ETag: `"${slot.version}"` } }
  }

  const download = (request: IncomingMessage, { user, device }: Access): Answer => {
    const slot = device?.slot ?? user.slot
    if (slot.version === 0) return error(404, 'Not found')
    const headers = { ETag: `"${slot.version}"`, 'Content-Type': 'application/octet-stream' }
    const known = request.headers['if-none-match']?.replaceAll('"', '') === String(slot.version)
    return known && request.method === 'GET' ? { status: 304, headers } : { status: 200, bytes: slot.bytes, headers }
  }

  const answer = (request: IncomingMessage, bytes: Buffer): Answer => {
    const method = request.method ?? ''
    const path = request.url ?? ''
    const json = path === '/v1/backup' || bytes.length === 0 ? {} : JSON.parse(bytes.toString())
    if (method === 'POST' && path === '/v1/users') return signUp(json)
    if (method === 'POST' && path === '/v1/sessions') return signIn(json)
    if (method === 'POST' && path === '/v1/sessions/refresh') return rotate(json)
    const who = access.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (!who) return error(401, 'Unauthorized')
    if (method === 'DELETE' && path === '/v1/sessions') {
      refresh.delete(json.refreshToken)
      return { status: 200 }
    }
    if (path === '/v1/backup') return method === 'POST' ? upload(request, who, bytes) : download(request, who)
    if (path.startsWith('/v1/devices')) return devices(method, path, who, json)
    return error(404, 'Not found')
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const bytes = await buffer(request)
    const [method = '', path = ''] = [request.method, request.url]
    stub.requests.push({ method, path, headers: request.headers })
    const index = faults.findIndex(({ key }) => key === `${method} ${path}`)
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault
    if (fault === 'drop') return request.socket.destroy()
    if (typeof fault === 'object') return response.writeHead(fault.status, fault.headers).end(fault.body)
    const { status, body, bytes: raw, headers } = answer(request, bytes)
    if (fault === 'lose-answer') return request.socket.destroy()
    const payload = raw ?? (body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)))
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const length = status === 304 ? {} : { 'Content-Length': payload.length }
    response.writeHead(status, { ...type, ...length, ...headers }).end(method === 'HEAD' ? undefined : payload)
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const slotOf = (username: string) => {
    const user = users.get(username)
    if (!user) throw new Error(`The stub has no user ${username}`)
    return user.slot
  }

  const stub: StubServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    failNext: (method, path, fault) => void faults.push({ key: `${method} ${path}`, fault }),
    expireTokens: () => access.clear(),
    slot: slotOf,
    store(username, bytes) {
      const slot = slotOf(username)
      slot.bytes = Buffer.from(bytes)
      slot.version += 1
    },
    uploadInProgress: false,
    registrationClosed: false,
    conflictsCarryEtag: true,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return stub
}
