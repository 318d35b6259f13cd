import type { Context } from '#server/context.ts'
import { addressGroup, type Peer } from '#server/http/peer.ts'
import { Problem } from '#server/kit/problem.ts'
import { normalName } from './names.ts'
import { checkPasswordGuesses } from './password-guesses.ts'
import { recordVisit } from './record-sign-in.ts'
import { signIn } from './sign-in.ts'
import { type AccountRow, readAccountByName } from './store.ts'

/** Somebody who said name and password with the request; `passwordHash` is what it was held against. */
export type Person = { accountId: string; passwordHash: string }

/**
 * The person behind `Authorization: Basic` (RFC 7617; contract A §1). Verified at most once a minute and person; the
 * guess limit comes first, or a remembered password could be guessed at the speed of an HMAC.
 *
 * @throws auth.failed, rate.limited after too many wrong passwords, server.busy
 */
export async function authenticateBasic(ctx: Context, request: Request, { address }: Peer): Promise<Person> {
  const given = readBasic(request.headers.get('authorization'))
  if (!given) throw new Problem('auth.failed')
  const name = normalName(given.name)
  const account = readAccountByName(ctx.db.read, name) ?? null

  checkPasswordGuesses(ctx, { accountId: account?.id ?? null, name, address })
  const { remembered } = ctx
  if (remembered.has(account, given.password) && account) return personOf(account)

  const from = `${addressGroup(address)} ${name}`
  const verified = await remembered.once(account, given.password, from, async () => {
    const person = await signIn(ctx, name, given.password, address)
    remembered.remember(person, given.password)
    await recordVisit(ctx, { accountId: person.id, address, userAgent: request.headers.get('user-agent') })
    return person
  })
  return personOf(verified)
}

function personOf({ id: accountId, passwordHash }: AccountRow): Person {
  return { accountId, passwordHash }
}

type NameAndPassword = { name: string; password: string }

/** @returns null for another scheme, bad base64, no colon, or an empty name or password */
function readBasic(header: string | null): NameAndPassword | null {
  const encoded = /^ *basic +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const said = decodeText(Buffer.from(encoded, 'base64'))
  const colon = said.indexOf(':')
  if (colon < 0) return null
  const [name, password] = [said.slice(0, colon), said.slice(colon + 1)]
  return name.trim() === '' || password === '' ? null : { name, password }
}

/** UTF-8, as RFC 7617 §2.1 wishes; what is none is Latin-1, as older clients send it. */
function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}
