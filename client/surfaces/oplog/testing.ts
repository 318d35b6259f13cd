import { constants, createPublicKey, publicEncrypt, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/**
 * A server for unit tests that keeps one log in memory as contracts/oplog-sync.md says, and can be made to do what the
 * real one never does: break off, forget, forge. The proof against the real server is in e2e/.
 */
export type OplogStub = {
  url: string
  requests: Record<string, unknown>[]
  /** Everything kept, in order of arrival; tests take away and put in. */
  stored: Line[]
  /** What happens to the next requests, one each, null for nothing. `cut`: the answer breaks off after so many bytes. */
  faults: (Fault | null)[]
  /** From now on only with a token. */
  wantsProof: boolean
  sendsCursor: boolean
  [Symbol.asyncDispose](): Promise<void>
}

export type Line = { client_id: string; operation_index: number; payload: string }
export type Fault = { cut: number } | 'lose-answer' | 'drop' | { status: number; body?: unknown }

type Asked = Partial<Line> & { client_id: string; user: string; sync_status: Record<string, number>; cursor?: string }

export async function startOplogStub(): Promise<OplogStub> {
  const tokens = new Set<string>()
  let nonce = ''

  const prove = (path: string, asked: Record<string, string>) => {
    if (path === '/sync/challenge') {
      const bytes = randomBytes(32)
      nonce = bytes.toString('base64')
      const spki = Buffer.from(asked.user ?? '', 'base64')
      const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
      const padding = constants.RSA_PKCS1_OAEP_PADDING
      const sealed = publicEncrypt({ key, oaepHash: 'sha256', padding }, bytes).toString('base64')
      return { challenge: 'challenge', nonce: sealed, expires_in: 60 }
    }
    const token = randomUUID()
    if (asked.nonce === nonce) tokens.add(token)
    return { token, expires_in: 60, required: true }
  }

  const sync = (asked: Asked, response: ServerResponse, fault: Fault | null | undefined) => {
    const { client_id, operation_index = -1, payload, sync_status, cursor } = asked
    if (payload !== undefined) {
      const taken = stub.stored.find((line) => line.client_id === client_id && line.operation_index === operation_index)
      if (taken && taken.payload !== payload) return sendJson(response, 409, { error: 'operation_conflict' })
      if (!taken) stub.stored.push({ client_id, operation_index, payload })
    }
    if (fault === 'lose-answer') return response.destroy()
    const thresholds: Record<string, number> = cursor === undefined ? { ...sync_status } : {}
    thresholds[client_id] = Math.max(thresholds[client_id] ?? -1, operation_index)
    const news = stub.stored.slice(Number(cursor ?? 0)).filter((line) => {
      return line.operation_index > (thresholds[line.client_id] ?? -1)
    })
    const highest = (client: string) =>
      Math.max(-1, ...stub.stored.filter((line) => line.client_id === client).map((line) => line.operation_index))
    const behind = Object.entries(sync_status).some(([client, index]) => index > highest(client))
    const body = Buffer.from(news.map((line) => `${JSON.stringify(line)}\n`).join(''))
    response.writeHead(200, {
      'Content-Type': 'application/x-ndjson',
      ...(stub.sendsCursor ? { 'Sync-Cursor': String(stub.stored.length) } : {}),
      ...(behind ? { 'Sync-Behind': '1' } : {}),
    })
    if (!fault || typeof fault === 'string' || !('cut' in fault)) return response.end(body)
    response.write(body.subarray(0, fault.cut), () => setTimeout(() => response.destroy(), 20))
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = (await json(request)) as Record<string, unknown>
    stub.requests.push(asked)
    if (request.url !== '/sync') {
      return sendJson(response, 200, prove(request.url ?? '', asked as Record<string, string>))
    }
    const fault = stub.faults.shift()
    if (fault === 'drop') return response.destroy()
    if (fault && typeof fault === 'object' && 'status' in fault)
      return sendJson(response, fault.status, fault.body ?? {})
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (stub.wantsProof && !tokens.has(token)) return sendJson(response, 401, { error: 'proof_required' })
    return sync(asked as Asked, response, fault)
  }

  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stub: OplogStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    stored: [],
    faults: [],
    wantsProof: false,
    sendsCursor: true,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return stub
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}
