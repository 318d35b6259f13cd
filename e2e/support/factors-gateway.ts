/** The vendor's attestation gateway, as far as a server sees of it: a JWKS and ES256 tokens (factor-backup §6). */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Gateway = AsyncDisposable & {
  /** Environment of a server that trusts it. */
  env: Record<string, string>
  /** How often its keys were asked for. */
  readonly requests: number
  /** A token that passes, unless told otherwise. */
  token(claims: Record<string, unknown>, header?: Record<string, unknown>, key?: KeyObject): string
  /** Sign with a new key from now on. */
  rotate(): void
  /** Answer with 500 until told otherwise. */
  fail(failing: boolean): void
}

export async function startGateway(): Promise<Gateway> {
  let keys = [newKey()]
  let failing = false
  let requests = 0
  const server = createServer((_request, response) => {
    requests += 1
    response.statusCode = failing ? 500 : 200
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ keys: keys.map(({ kid, jwk }) => ({ ...jwk, kid, use: 'sig', alg: 'ES256' })) }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    env: { HEARTHKEEP_ATTESTATION: 'jwt', HEARTHKEEP_ATTESTATION_JWKS_URL: `${url}/.well-known/jwks.json` },
    get requests() {
      return requests
    },
    token(claims, header = {}, key = keys[0]?.privateKey) {
      const now = Math.floor(Date.now() / 1000)
      const passing = {
        pass: true,
        out: 'pass',
        iat: now,
        exp: now + 300,
        iss: 'attestation.worldcoin.org',
        aud: 'toolsforhumanity.com',
      }
      return jws(
        { alg: 'ES256', typ: 'JWT', kid: keys[0]?.kid, ...header },
        { ...passing, ...claims },
        key as KeyObject,
      )
    },
    rotate() {
      keys = [newKey(), ...keys]
    },
    fail(now) {
      failing = now
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { kid: randomUUID(), privateKey, jwk: publicKey.export({ format: 'jwk' }) }
}

function jws(header: unknown, claims: unknown, key: KeyObject): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  const signature = createSign('sha256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

/** What `jti` must say for that request. @param body  undefined = none */
export function requestHash(pathUri: string, body?: unknown): string {
  const hashed = { ...(body === undefined ? {} : { body: canonical(body) }), method: 'POST', pathUri }
  return createHash('sha256').update(JSON.stringify(hashed)).digest('hex')
}

/** Keys in byte order, members that are null left out. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  members.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return Object.fromEntries(members.map(([name, member]) => [name, canonical(member)]))
}
