import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'
import { limitsOf } from './limits.ts'
import { fingerprint } from './public-key.ts'
import type { Payload, Sync } from './read-request.ts'
import {
  countOperation,
  insertClient,
  insertOperation,
  insertUser,
  type LogClient,
  type LogUser,
  readClient,
  readEndOfRun,
  readSlot,
  readUser,
  updateClient,
} from './store.ts'
import { throttleUpload } from './throttle.ts'
import { requireWayIn } from './way-in.ts'

/** An operation with its payload. */
export type Upload = Sync & { payload: Payload }

/** Who sends it: from where, and what a proof of possession earned them, if anything. */
export type Sender = { address: string; token: string | null }

/** Longer payloads go to the store (oplog-sync §5). */
const longestInline = 16 * 1024

/** Found out only inside the transaction, which then has nothing to keep. */
class AlreadyStored extends Error {}

/**
 * Keep an operation; resolves when it is durable. A slot is written once: the same payload again is no error and
 * stores nothing, another one is refused (oplog-sync D4, D5, D20).
 *
 * @throws log.operation_conflict, log.frozen, log.proof_required, auth.registration_closed, quota.exceeded,
 *   log.clients_exhausted, rate.limited, store.full, store.unavailable
 */
export async function appendOperation(ctx: Context, upload: Upload, sender: Sender): Promise<void> {
  const { userHash, payload } = upload
  const user = readUser(ctx.db.read, userHash)
  if (user && isStored(ctx.db.read, user, upload)) return count(ctx, 'oplog.resent')
  if (!user) requireOpenRegistration(ctx.settings)
  const isNewClient = !user || !readClient(ctx.db.read, user.id, keyOf(upload))
  throttleUpload(ctx, upload, { address: sender.address, isNewUser: !user, isNewClient })

  try {
    if (payload.size <= longestInline) await ctx.db.write((tx) => record(ctx, tx, upload, sender, inline))
    else await appendLarge(ctx, upload, sender)
  } catch (error) {
    if (error instanceof AlreadyStored) return count(ctx, 'oplog.resent')
    throw error
  }
  count(ctx, 'oplog.stored')
  ctx.arrivals.announce(userHash)
}

/** Bytes first, then the row that makes them part of the log (oplog-sync D14, design §4). */
async function appendLarge(ctx: Context, upload: Upload, sender: Sender): Promise<void> {
  const { userHash, index } = upload
  const user = readUser(ctx.db.read, userHash)
  if (user) requireRoom(ctx, user, upload)
  const client = user && readClient(ctx.db.read, user.id, keyOf(upload))
  const bytes = Buffer.from(lineOf(client?.clientId ?? upload.clientId, upload))
  const accountId = `log ${fingerprint(userHash)}`
  const staged = await ctx.vault.stage(once(bytes), ctx.vault.approveUncounted(accountId), {
    limits: { min: 0, max: bytes.length },
    length: bytes.length,
  })
  const owner = { kind: 'operation', id: `${userHash}/${keyOf(upload)}/${index}`, accountId, countedElsewhere: true }
  await ctx.vault.commit(staged, owner, (tx, keep) =>
    record(ctx, tx, upload, sender, () => ({ line: null, blobId: keep({ version: 1, replaces: null }) })),
  )
}

type Place = (client: LogClient, upload: Upload) => { line: string | null; blobId: string | null }

const inline: Place = (client, upload) => ({ line: lineOf(client.clientId, upload), blobId: null })

function record(ctx: Context, tx: Orm, upload: Upload, sender: Sender, place: Place): void {
  const { payload, index, userHash } = upload
  const at = ctx.clock.now()
  const user = readUser(tx, userHash) ?? addUser(ctx, tx, userHash, sender.address)
  requireWayIn(ctx, tx, user, sender.token)
  if (isStored(tx, user, upload)) throw new AlreadyStored()
  requireRoom(ctx, user, upload)
  const known = readClient(tx, user.id, keyOf(upload))
  if (!known && user.clients >= ctx.settings.values.oplogClients) throw new Problem('log.clients_exhausted')
  const client = known ?? addClient(tx, user, upload)
  const seq = insertOperation(tx, {
    userId: user.id,
    client: client.id,
    operationIndex: index,
    md5: payload.md5,
    sha256: payload.sha256,
    size: payload.size,
    ...place(client, upload),
    createdAt: at,
  })
  updateClient(tx, client.id, {
    highest: Math.max(client.highest, index),
    contiguous: index === client.contiguous + 1 ? endOfRun(tx, client, index) : client.contiguous,
    inOrder: client.inOrder && index > client.highest,
    firstSeq: known ? client.firstSeq : seq,
    lastSeq: seq,
  })
  countOperation(tx, user.id, { bytes: payload.size, clients: known ? 0 : 1, at })
}

/** @throws log.frozen, quota.exceeded */
function requireRoom(ctx: Context, user: LogUser, { payload }: Upload): void {
  if (user.frozenAt !== null) throw new Problem('log.frozen')
  const limits = limitsOf(ctx, user)
  if (user.operations >= limits.operations || user.bytes + payload.size > limits.bytes)
    throw new Problem('quota.exceeded')
}

/** A run grows by more than one only when a gap was filled. */
function endOfRun(tx: Orm, client: LogClient, index: number): number {
  return index > client.highest ? index : readEndOfRun(tx, client.id, index)
}

/** @throws log.operation_conflict */
function isStored(db: Orm, user: LogUser, upload: Upload): boolean {
  const client = readClient(db, user.id, keyOf(upload))
  const stored = client && readSlot(db, client.id, upload.index)
  if (!stored) return false
  if (stored.sha256.equals(upload.payload.sha256)) return true
  throw new Problem('log.operation_conflict', {
    facts: {
      client_id: client.clientId,
      operation_index: upload.index,
      stored_md5: stored.md5.toString('hex'),
    },
  })
}

/** Asked again here: the log may have been deleted since. @throws auth.registration_closed */
function addUser(ctx: Context, tx: Orm, userHash: string, address: string): LogUser {
  requireOpenRegistration(ctx.settings)
  recordEvent(ctx, tx, { event: 'log.created', accountId: null, address, details: { key: fingerprint(userHash) } })
  return insertUser(tx, { userHash, createdAt: ctx.clock.now() })
}

function addClient(tx: Orm, user: LogUser, upload: Upload): LogClient {
  return insertClient(tx, {
    userId: user.id,
    clientId: upload.clientId,
    clientKey: keyOf(upload),
    highest: -1,
    contiguous: -1,
    inOrder: true,
    operations: 0,
    firstSeq: 0,
    lastSeq: 0,
  })
}

function keyOf({ clientId }: Upload): string {
  return clientId.toLowerCase()
}

/** Exactly three members, one line (oplog-sync D11). */
function lineOf(clientId: string, { index, payload }: Upload): string {
  return `{"client_id":"${clientId}","operation_index":${index},"payload":${payload.json}}\n`
}

async function* once(bytes: Uint8Array) {
  yield bytes
}

function count(ctx: Context, event: string): void {
  ctx.metrics.event(event)
}
