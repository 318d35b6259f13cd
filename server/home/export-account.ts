import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { isProblem } from '#server/kit/problem.ts'
import { streamZip, type ZipEntry } from '#server/kit/stream-zip.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type EventCursor, listEvents } from '#server/notices/list-events.ts'
import { readSecurity } from '#server/people/read-security.ts'
import { requireProof } from '#server/people/require-proof.ts'
import { readAccount } from '#server/people/store.ts'
import type { WebActor } from '#server/people/web-session.ts'
import { findSlot, openSlot } from '#server/surfaces/cloud-backup/read-slot.ts'
import { openPastSlot } from '#server/surfaces/cloud-backup/restore-slot.ts'
import { slotOf } from '#server/surfaces/cloud-backup/store.ts'
import { listLinkedBackups } from '#server/surfaces/factors/link-store.ts'
import { exportMetadata } from '#server/surfaces/factors/read-metadata.ts'
import { fingerprint } from '#server/surfaces/oplog/public-key.ts'
import { listUsersOf } from '#server/surfaces/oplog/store.ts'
import { streamLog } from '#server/surfaces/oplog/stream-log.ts'
import { listDevices as listOtpDevices, pagesOfOtps } from '#server/surfaces/otp/store.ts'
import { listDeletedPersonas, listPersonaHistory, openPastPersona } from '#server/surfaces/personas/persona-history.ts'
import { findPersona, openPersona } from '#server/surfaces/personas/read-persona.ts'
import { listPersonaIds, readPersona } from '#server/surfaces/personas/store.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { ExportNames } from './export-names.ts'
import { exportWords } from './export-words.ts'
import { readRemovedDevices, readSlots } from './read-cloud.ts'

const pace = { name: 'export', perSecond: 1 / 60, burst: 5 }
const eventsAtOnce = 200
/** Bytes; less than what would make it a file that old programs cannot open. */
const largestActivity = 2 ** 31 - 1

/**
 * Everything that is kept for somebody as one zip, read while it is sent: current versions and earlier ones, lists of
 * what only a PIN opens, and a page in plain words. What cannot be read is left out and named at the end, so that one
 * damaged object does not keep the others.
 *
 * @throws auth.proof_needed, rate.limited; nothing once it has begun
 */
export async function exportAccount(ctx: Context, actor: WebActor, address: string): Promise<Chunks> {
  requireProof(ctx, actor)
  ctx.rates.take(pace, actor.accountId)
  const { accountId } = actor
  await ctx.db.write((tx) => recordEvent(ctx, tx, { event: 'account.exported', accountId, address }))
  return streamZip(new Export(ctx, actor).entries())
}

type Opened = { path: string; modifiedAt: number; atMost: number; open: () => Promise<StoredBytes> }

class Export {
  readonly #ctx: Context
  readonly #actor: WebActor
  readonly #names = new ExportNames()
  readonly #unread: string[] = []

  constructor(ctx: Context, actor: WebActor) {
    this.#ctx = ctx
    this.#actor = actor
  }

  async *entries(): AsyncGenerator<ZipEntry, void, void> {
    yield this.#text(...exportWords.readme)
    yield this.#text(...exportWords.liesmich)
    yield this.#json('account.json', this.#account())
    yield this.#file('activity.json', largestActivity, this.#activity())
    for (const opened of this.#personas()) yield* this.#stored(opened)
    for (const opened of this.#slots()) yield* this.#stored(opened)
    yield this.#json('codes/list.json', this.#codes())
    for (const opened of this.#logs()) yield* this.#stored(opened)
    yield* this.#backups()
    const [name, lead] = exportWords.incomplete
    if (this.#unread.length > 0) yield this.#text(name, `${lead}${this.#unread.join('\n')}\n`)
  }

  *#personas(): Generator<Opened, void, void> {
    const { accountId } = this.#actor
    const ctx = this.#ctx
    for (const personaId of listPersonaIds(ctx.db.read, accountId)) {
      const persona = { accountId, personaId }
      const path = this.#names.path('personas', personaId, '.zip')
      // It may be deleted while the export goes on.
      const open = async () => openPersona(ctx, findPersona(ctx, persona))
      const modifiedAt = readPersona(ctx.db.read, persona)?.updatedAt ?? ctx.clock.now()
      yield { path, modifiedAt, atMost: largest(ctx), open }
      yield* this.#earlierPersonas(personaId)
    }
    for (const personaId of listDeletedPersonas(ctx, accountId)) yield* this.#earlierPersonas(personaId)
  }

  *#earlierPersonas(personaId: string): Generator<Opened, void, void> {
    const persona = { accountId: this.#actor.accountId, personaId }
    for (const { version, createdAt, size } of listPersonaHistory(this.#ctx, persona)) {
      const path = this.#names.path('earlier versions/personas', `${personaId}, version ${version}`, '.zip')
      const open = () => openPastPersona(this.#ctx, persona, version)
      yield { path, modifiedAt: createdAt, atMost: size, open }
    }
  }

  *#slots(): Generator<Opened, void, void> {
    const ctx = this.#ctx
    const { accountId } = this.#actor
    const past = function* (this: Export, deviceId: string | null, name: string, history: PastVersion[]) {
      for (const { version, createdAt, size } of history) {
        const path = this.#names.path('earlier versions/cloud', `${name}, version ${version}`, '.backup')
        const open = () => openPastSlot(ctx, slotOf({ accountId, deviceId }), version)
        yield { path, modifiedAt: createdAt, atMost: size, open }
      }
    }.bind(this)
    for (const { device, current, history } of readSlots(ctx, accountId)) {
      const deviceId = device?.id ?? null
      const name = device ? (device.name ?? `device ${device.id.slice(0, 8)}`) : 'shared'
      const open = async () => openSlot(ctx, findSlot(ctx, slotOf({ accountId, deviceId })))
      const path = this.#names.path('cloud', name, '.backup')
      if (current) yield { path, modifiedAt: current.updatedAt, atMost: largest(ctx), open }
      yield* past(deviceId, name, history)
    }
    for (const { deviceId, history } of readRemovedDevices(ctx, accountId))
      yield* past(deviceId, `removed device ${deviceId.slice(0, 8)}`, history)
  }

  *#logs(): Generator<Opened, void, void> {
    const ctx = this.#ctx
    for (const user of listUsersOf(ctx.db.read, this.#actor.accountId)) {
      const path = this.#names.path('sync', user.name ?? fingerprint(user.userHash), '.ndjson')
      const open = async () => ({ length: 0, chunks: streamLog(ctx, user.id), close: async () => {} })
      // Of JSON text, a payload's byte takes six at the most.
      const atMost = 6 * user.bytes + 400 * (user.operations + 1)
      yield { path, modifiedAt: user.lastOperationAt ?? user.createdAt, atMost, open }
    }
  }

  /** Those on the person's list, each with what its factors need to open it: keys that are wrapped for them. */
  async *#backups(): AsyncGenerator<ZipEntry, void, void> {
    const ctx = this.#ctx
    for (const { name, backup } of listLinkedBackups(ctx.db.read, this.#actor.accountId)) {
      const { blobId, deletedAt, updatedAt } = backup
      if (blobId === null || deletedAt !== null) continue
      const open = () => ctx.vault.open(blobId)
      const path = this.#names.path('backups', name, '.sealed')
      yield* this.#stored({ path, modifiedAt: updatedAt, atMost: largest(ctx), open })
      yield this.#json(`${path}.json`, exportMetadata(ctx.db.read, backup))
    }
  }

  #codes() {
    const { read } = this.#ctx.db
    return listOtpDevices(read, this.#actor.accountId).map(({ id, name, createdAt }) => ({
      place: name,
      createdAt: iso(createdAt),
      codes: [...pagesOfOtps(read, id)].flat().map((otp) => ({ account: otp.account, createdAt: iso(otp.createdAt) })),
    }))
  }

  #account() {
    const account = readAccount(this.#ctx.db.read, this.#actor.accountId)
    const { passkeys, recovery, sessions } = readSecurity(this.#ctx, this.#actor)
    return {
      email: account?.email ?? null,
      username: account?.username ?? null,
      role: account?.role,
      createdAt: iso(account?.createdAt ?? 0),
      quotaBytes: account?.quotaBytes ?? this.#ctx.settings.values.quotaBytes,
      recoveryCodesLeft: recovery.left,
      passkeys: passkeys.map(({ label, rpId, createdAt, lastUsedAt }) => ({
        label,
        worksAt: rpId,
        createdAt: iso(createdAt),
        lastUsedAt: lastUsedAt === null ? null : iso(lastUsedAt),
      })),
      sessions: sessions.map(({ kind, device, createdAt, lastSeenAt }) => ({
        kind,
        device,
        createdAt: iso(createdAt),
        lastSeenAt: iso(lastSeenAt),
      })),
    }
  }

  async *#activity(): Chunks {
    let between = '[\n'
    for (let before: EventCursor | null = null; ; ) {
      const events = listEvents(this.#ctx.db.read, this.#actor.accountId, { before, limit: eventsAtOnce })
      for (const { at, event, address, details } of events) {
        yield Buffer.from(`${between}${JSON.stringify({ at: iso(at), event, address, details })}`)
        between = ',\n'
      }
      const last = events.at(-1)
      if (events.length < eventsAtOnce || !last) break
      before = last
    }
    yield Buffer.from(between === ',\n' ? '\n]\n' : '[]\n')
  }

  /** An object of the store, closed whether it is read to its end or the reader leaves. */
  async *#stored({ path, modifiedAt, atMost, open }: Opened): AsyncGenerator<ZipEntry, void, void> {
    let stored: StoredBytes
    try {
      stored = await open()
    } catch (error) {
      return this.#note(path, error)
    }
    try {
      yield { name: path, modifiedAt, atMost, chunks: this.#untilItBreaks(path, stored.chunks) }
    } finally {
      await stored.close()
    }
  }

  async *#untilItBreaks(path: string, chunks: Chunks): Chunks {
    try {
      yield* chunks
    } catch (error) {
      this.#note(path, error)
    }
  }

  #note(path: string, error: unknown): void {
    if (!isProblem(error)) this.#ctx.log.error({ error }, 'an object could not be exported')
    this.#unread.push(path)
  }

  #text(name: string, text: string): ZipEntry {
    // Line ends as Windows' own editor wants them; all others take them.
    const bytes = Buffer.from(text.replaceAll('\n', '\r\n'))
    return this.#file(name, bytes.length, once(bytes))
  }

  #json(name: string, value: unknown): ZipEntry {
    const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
    return this.#file(name, bytes.length, once(bytes))
  }

  #file(name: string, atMost: number, chunks: Chunks): ZipEntry {
    return { name, modifiedAt: this.#ctx.clock.now(), atMost, chunks }
  }
}

type PastVersion = { version: number; createdAt: number; size: number }

/** Of one object, bytes: the most that any setting allows. */
function largest({ settings }: Context): number {
  const { slotMaxBytes, personaMaxBytes } = settings.values
  return Math.max(slotMaxBytes, personaMaxBytes, 100 * 1024 * 1024)
}

async function* once(bytes: Uint8Array): Chunks {
  yield bytes
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
