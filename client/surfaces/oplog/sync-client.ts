import { isServerError } from '#client/transport/errors.ts'
import type { Reply } from '#client/transport/reply.ts'
import { Transport } from '#client/transport/transport.ts'
import type { OplogKeys } from './keys.ts'
import { provePossession } from './prove-possession.ts'
import { readLines, type WireOperation } from './read-lines.ts'

/** A request as in seeds/004; without `index` and `payload` it only fetches. */
export type SyncRequest = {
  clientId: string
  index?: number
  payload?: string
  status: Record<string, number>
  /** From an earlier answer of the same server: send what came after it, whatever `status` says (oplog-sync D7). */
  cursor?: string | null
  /** Seconds the server may wait for something to send. Servers that do not know it answer at once. */
  wait?: number
  signal?: AbortSignal
}

export type SyncAnswer = {
  /** For the next request, once all lines are read. */
  cursor: string | null
  /** `status` says more than the server holds: it lost operations, or they were deleted (oplog-sync D17, D22). */
  behind: boolean
  /** Throws NetworkError when the connection is cut; the batches before that are good. */
  lines: AsyncGenerator<WireOperation[]>
}

/** `POST /sync` (contracts/oplog-sync.md), with proof of possession where the server asks for it. */
export class SyncClient {
  readonly transport: Transport
  readonly #keys: OplogKeys
  /** Given for a proof, good for a while; never written down. */
  #token: string | undefined

  constructor(server: string | Transport, keys: OplogKeys) {
    this.transport = typeof server === 'string' ? new Transport({ baseUrl: server }) : server
    this.#keys = keys
  }

  /**
   * Send one operation, or none, and get those `status` does not cover. Once this resolves, the operation is durable
   * on the server. Repeated after a lost answer: the same operation in the same slot is taken twice (oplog-sync D4).
   *
   * @throws ServerError (409: the slot holds another operation), NetworkError
   */
  async sync(request: SyncRequest): Promise<SyncAnswer> {
    const reply = await this.#send(request).catch(async (error) => {
      if (!isServerError(error, 401)) throw error
      this.#token = await provePossession(this.transport, this.#keys, { signal: request.signal })
      return this.#send(request)
    })
    return {
      cursor: reply.headers.get('sync-cursor'),
      behind: reply.headers.get('sync-behind') !== null,
      lines: readLines(reply.pieces()),
    }
  }

  #send({ clientId, index, payload, status, cursor, wait, signal }: SyncRequest): Promise<Reply> {
    return this.transport.send({
      method: 'POST',
      path: '/sync',
      json: {
        client_id: clientId,
        operation_index: index,
        sync_status: status,
        user: this.#keys.user,
        payload,
        cursor: cursor ?? undefined,
        wait,
      },
      bearer: this.#token,
      idempotent: true,
      idleMs: wait === undefined ? undefined : (wait + 30) * 1000,
      signal,
    })
  }
}
