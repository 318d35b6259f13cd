import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { countEvents, recordEvent } from '#server/notices/audit.ts'
import { isAcceptableEmail, normalName } from '#server/people/names.ts'
import { unusablePassword } from '#server/people/passwords.ts'
import { insertAccount, readAccountByName } from '#server/people/store.ts'
import { type OriginalObject, type OriginalSource, readOriginalKey } from './import-source.ts'
import { readImportedPassword } from './import-user.ts'
import { putPersona } from './put-persona.ts'
import { readNewestVersion } from './store.ts'

export type ImportSummary = {
  accounts: {
    imported: number
    /** There before, and left as they are. */
    present: number
    /** Imported, but their owners need a reset link: the hash is of a kind that cannot be verified here. */
    withoutPassword: number
  }
  personas: { imported: number; present: number }
  /** What could not be taken over, and why. */
  problems: Array<{ key: string; reason: string }>
}

const largestUserFile = 64 * 1024

/**
 * Take accounts and personas over from the original service. Can be run again after a stop or a failure: what is there
 * already is left alone, and what was deleted here since stays deleted.
 *
 * Personas go only to accounts that an import made: whoever registers somebody else's address beforehand must not be
 * handed that person's keys.
 *
 * @throws what listing the source throws
 */
export async function importOriginal(ctx: Context, source: OriginalSource): Promise<ImportSummary> {
  const summary: ImportSummary = {
    accounts: { imported: 0, present: 0, withoutPassword: 0 },
    personas: { imported: 0, present: 0 },
    problems: [],
  }
  const { users, personas } = await sortOut(source)
  for (const { email, object } of users.values())
    await attempt(summary, object.key, () => importAccount(ctx, email, object, summary))
  for (const { email, personaId, object } of personas)
    await attempt(summary, object.key, () => importPersona(ctx, email, personaId, object, summary))
  return summary
}

type Sorted = {
  users: Map<string, { email: string; object: OriginalObject }>
  personas: Array<{ email: string; personaId: string; object: OriginalObject }>
}

/** `Mixed@x.org` and `mixed@x.org` are one person here; only the second could sign in to the original, so it wins. */
async function sortOut(source: OriginalSource): Promise<Sorted> {
  const sorted: Sorted = { users: new Map(), personas: [] }
  for await (const object of source.list()) {
    const key = readOriginalKey(object.key)
    if (key.kind === 'other') continue
    const email = normalName(key.email)
    if (key.kind === 'persona') sorted.personas.push({ email, personaId: key.personaId, object })
    else if (key.email === email || !sorted.users.has(email)) sorted.users.set(email, { email, object })
  }
  return sorted
}

async function importAccount(
  ctx: Context,
  email: string,
  object: OriginalObject,
  { accounts }: ImportSummary,
): Promise<void> {
  if (!isAcceptableEmail(email)) throw new NotTaken('not an e-mail address that can sign in here')
  const passwordHash = readImportedPassword(await readText(object))
  const isNew = await ctx.db.write((tx) => {
    if (readAccountByName(tx, email)) return false
    const id = ctx.ids.uuid()
    insertAccount(tx, { id, email, passwordHash, role: 'member', createdAt: ctx.clock.now() })
    recordEvent(ctx, tx, { event: 'account.imported', accountId: id, details: { from: 'key-backup-service' } })
    return true
  })
  if (!isNew) accounts.present++
  else accounts.imported++
  if (isNew && passwordHash === unusablePassword) accounts.withoutPassword++
}

async function importPersona(
  ctx: Context,
  email: string,
  personaId: string,
  object: OriginalObject,
  { personas }: ImportSummary,
): Promise<void> {
  const account = readAccountByName(ctx.db.read, email)
  if (!account) throw new NotTaken('its account is not here')
  if (countEvents(ctx.db.read, { event: 'account.imported', accountId: account.id, since: 0 }) === 0)
    throw new NotTaken('its account was not made by an import')
  const persona = { accountId: account.id, personaId }
  if (readNewestVersion(ctx.db.read, persona) > 0) {
    personas.present++
    return
  }
  if (object.size > ctx.settings.values.personaMaxBytes) throw new Problem('body.too_large')
  const { mediaType, chunks } = await object.open()
  const upload = { contentType: mediaType || typeOf(personaId), length: object.size, chunks }
  await putPersona(ctx, { ...persona, atTheMachine: true }, upload, { ifMatch: null, ifNoneMatch: '*' })
  personas.imported++
}

/** A plain copy of the bucket has lost the media types; the original's clients made zips. */
function typeOf(personaId: string): string {
  return /\.json$/i.test(personaId) ? 'application/json' : 'application/zip'
}

/** Why something is left out, in words for the keeper. */
class NotTaken extends Error {}

async function attempt(summary: ImportSummary, key: string, task: () => Promise<void>): Promise<void> {
  try {
    await task()
  } catch (error) {
    const known = error instanceof NotTaken || isProblem(error)
    summary.problems.push({ key, reason: known ? error.message : 'it could not be read' })
  }
}

async function readText(object: OriginalObject): Promise<string> {
  if (object.size > largestUserFile) throw new NotTaken('too large for a user.json')
  const parts: Uint8Array[] = []
  for await (const chunk of (await object.open()).chunks) parts.push(chunk)
  return Buffer.concat(parts).toString('utf8')
}
