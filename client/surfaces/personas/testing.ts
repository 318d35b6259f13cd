import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Persona } from './persona-zip.ts'

/**
 * A server for unit tests that answers as contracts/personas.md and design §6 say, from memory. The proof against the
 * real server is in e2e/.
 */
export type PersonasStub = {
  /** With a path prefix, as behind a reverse proxy. */
  url: string
  requests: { method: string; path: string; headers: IncomingMessage['headers'] }[]
  /** What is stored, by `<email> <id>`. */
  stored: Map<string, Stored>
  /** The code in the last mail to an address. */
  resetCodes: Map<string, string>
  /** The next request is refused unseen, or carried out with its answer lost. */
  failNext(fault: Fault): void
  registrationClosed: boolean
  [Symbol.asyncDispose](): Promise<void>
}

export type Stored = { bytes: Buffer; contentType: string; version: number }
export type Fault = 'lose-answer' | { status: number; headers?: Record<string, string>; body?: string }

type Answer = { status: number; body?: Buffer | string; headers?: Record<string, string> }

const prefix = '/family/backups'
const limit = 10 * 1024 * 1024

const json = (status: number, value: unknown): Answer => ({
  status,
  body: JSON.stringify(value),
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
})
const done = json(200, {})
const failure = (status: number, message: string): Answer => {
  const code = [Math.floor(status / 100), status % 100].filter((part) => part > 0)
  return json(status, { failure: { code, message } })
}
const denied: Answer = {
  status: 401,
  body: 'Access denied',
  headers: { 'WWW-Authenticate': 'Basic realm="Key Backup Service"' },
}

/** Cheap enough for hundreds of sealings in a test; the real derivation is tested where it lives. */
export const cheapKdf = { memoryKiB: 8, iterations: 1, parallelism: 1 }

export const textBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** A persona as the messenger's own tools write it. */
export function testPersona(nickname = 'Satoshi'): Persona {
  const bytes = (value: unknown) => textBytes(JSON.stringify(value, null, 4))
  const subkey = { type: 'ed25519', created: '2018-09-20T00:00:00.000Z', id: 'SUBKEYabc-_1' }
  const master = { ...subkey, id: 'MASTERabc-_1', secret: 'c2VjcmV0IG9mIHRoZSBtYXN0ZXI' }
  return {
    persona: bytes({ pid: master.id, nickname, images: ['me.png'] }),
    secrets: bytes({ master, subkeys: { [subkey.id]: { ...subkey, secret: 'c2VjcmV0IG9mIGEgc3Via2V5' } } }),
    subkeys: new Map([[subkey.id, bytes(subkey)]]),
    others: new Map([['images/me.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 255)]]),
  }
}

export async function startPersonasStub(): Promise<PersonasStub> {
  const passwords = new Map<string, string>()
  const faults: Fault[] = []

  const command = (method: string, path: string, body: Record<string, string>): Answer | null => {
    const email = body.email?.trim().toLowerCase() ?? ''
    if (method === 'GET' && path === '/status') {
      const started = '2026-11-21T07:00:00.000Z'
      return json(200, { name: 'Key Backup Service', version: [1, 0, 0], started, url: stub.url })
    }
    if (method === 'POST' && path === '/accounts') {
      if (stub.registrationClosed) return failure(403, 'Registration is closed on this server')
      if (!email || !body.password) return failure(400, 'Missing parameters')
      if (passwords.has(email)) return failure(409, 'Email already registered; Reset password or try another email')
      passwords.set(email, body.password)
      return done
    }
    if (method === 'PUT' && path === '/password/reset') {
      if (!email) return failure(400, 'Missing email parameter')
      if (passwords.has(email)) stub.resetCodes.set(email, 'ab'.repeat(32))
      return done
    }
    if (method === 'POST' && path === '/password/reset') {
      if (!body.reset_code || stub.resetCodes.get(email) !== body.reset_code) {
        return failure(410, 'Invalid reset code, please request another')
      }
      stub.resetCodes.delete(email)
      passwords.set(email, body.password ?? '')
      return done
    }
    return null
  }

  const accountOf = (authorization: string): string | null => {
    const said = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
    const email = said.slice(0, said.indexOf(':')).trim().toLowerCase()
    return passwords.get(email) === said.slice(said.indexOf(':') + 1) ? email : null
  }

  const persona = (request: IncomingMessage, email: string, segment: string, bytes: Buffer): Answer => {
    const id = decodeURIComponent(segment)
    if (id.includes('/')) return failure(400, `Invalid persona id: ${id}`)
    const key = `${email} ${id}`
    const current = stub.stored.get(key)
    if (request.method === 'DELETE') {
      stub.stored.delete(key)
      return done
    }
    if (request.method === 'GET') {
      if (!current) return { status: 410, body: 'Persona not found', headers: { 'Content-Type': 'text/plain' } }
      const headers = { 'Content-Type': current.contentType, ETag: `"${current.version}"` }
      return { status: 200, body: current.bytes, headers }
    }
    if (bytes.length === 0) return failure(400, 'Missing required content')
    const contentType = request.headers['content-type']
    if (!contentType) return failure(400, 'Missing required header: content-type')
    if (bytes.length > limit) return failure(413, 'Too large')
    const match = request.headers['if-match']
    if (match !== undefined && match !== `"${current?.version}"`) return failure(412, 'The persona was changed')
    const version = (current?.version ?? 0) + 1
    stub.stored.set(key, { bytes, contentType, version })
    return { ...done, headers: { ...done.headers, ETag: `"${version}"` } }
  }

  const answer = (request: IncomingMessage, bytes: Buffer): Answer => {
    const { method = '', url = '' } = request
    if (!url.startsWith(prefix)) return { status: 404, body: '<html>', headers: { 'Content-Type': 'text/html' } }
    const path = url.slice(prefix.length)
    const isPersonas = path === '/personas' || path.startsWith('/personas/')
    if (!isPersonas) {
      return command(method, path, bytes.length > 0 ? JSON.parse(bytes.toString()) : {}) ?? failure(404, 'Not found')
    }
    const email = accountOf(request.headers.authorization ?? '')
    if (email === null) return denied
    if (path !== '/personas') return persona(request, email, path.slice('/personas/'.length), bytes)
    const ids = [...stub.stored.keys()].filter((key) => key.startsWith(`${email} `))
    return json(200, { personas: ids.map((key) => key.slice(email.length + 1)).sort() })
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const bytes = await buffer(request)
    const { method = '', url = '', headers } = request
    stub.requests.push({ method, path: url, headers })
    const fault = faults.shift()
    if (typeof fault === 'object') return response.writeHead(fault.status, fault.headers).end(fault.body)
    const { status, body = '', headers: own } = answer(request, bytes)
    if (fault === 'lose-answer') return request.socket.destroy()
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...own }).end(body)
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const stub: PersonasStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    requests: [],
    stored: new Map(),
    resetCodes: new Map(),
    failNext: (fault) => void faults.push(fault),
    registrationClosed: false,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return stub
}
