import type { Context } from '#server/context.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import { Problem } from '#server/kit/problem.ts'
import type { Upload } from './append-operation.ts'
import type { UserHash } from './public-key.ts'

/** Oplog-sync §4. All of these are off with `HEARTHKEEP_RATE_LIMIT=off`. */
const hour = 3600
/** 300 requests a minute from one address. */
export const addressLimit: RateLimit = { name: 'oplog', perSecond: 5, burst: 150 }
/** 120 requests a minute for one key. */
const userLimit: RateLimit = { name: 'oplog-user', perSecond: 2, burst: 60 }
const newUsers: RateLimit = { name: 'oplog-new-users', perSecond: 20 / hour, burst: 20 }
const newClients: RateLimit = { name: 'oplog-new-clients', perSecond: 20 / hour, burst: 20 }
const uploadedBytes: RateLimit = { name: 'oplog-bytes', perSecond: 30_000_000 / hour, burst: 30_000_000 }

const mostStreams = 4
/** Every device of a family waits on a log of its own or a shared one; more is somebody else's program. */
const mostWaiting = { user: 16, address: 64 }

/** @throws rate.limited */
export function throttleUser(ctx: Context, userHash: UserHash): void {
  ctx.rates.take(userLimit, userHash)
}

/** @throws rate.limited */
export function throttleNewUser(ctx: Context, address: string): void {
  ctx.rates.take(newUsers, address)
}

/** Only for what is stored: an operation sent again costs no more than a fetch. @throws rate.limited */
export function throttleUpload(
  ctx: Context,
  { userHash, payload }: Upload,
  { address, isNewUser, isNewClient }: { address: string; isNewUser: boolean; isNewClient: boolean },
): void {
  if (isNewUser) throttleNewUser(ctx, address)
  if (isNewClient) ctx.rates.take(newClients, userHash)
  ctx.rates.take(uploadedBytes, userHash, Math.min(payload.size, uploadedBytes.burst))
}

/** One of the answers that a log may have under way. @throws log.streams_exhausted with `Retry-After` */
export function takeStream(ctx: Context, userHash: UserHash): Disposable {
  return takeOneOf(ctx, `log stream ${userHash}`, mostStreams)
}

/** A place to wait for news, of the log's and of the address's. @throws log.streams_exhausted with `Retry-After` */
export function takeWait(ctx: Context, userHash: UserHash, address: string): Disposable {
  using stack = new DisposableStack()
  stack.use(takeOneOf(ctx, `log wait ${userHash}`, mostWaiting.user))
  stack.use(takeOneOf(ctx, `log wait from ${address}`, mostWaiting.address))
  return stack.move()
}

function takeOneOf(ctx: Context, name: string, most: number): Disposable {
  if (!ctx.config.rateLimit) return { [Symbol.dispose]() {} }
  for (let place = 0; place < most; place += 1) {
    const turn = ctx.uploads.take(`${name} ${place}`)
    if (turn) return turn
  }
  throw new Problem('log.streams_exhausted', { headers: { 'Retry-After': '2' } })
}
