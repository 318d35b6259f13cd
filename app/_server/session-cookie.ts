import { cookies, headers } from 'next/headers'
import { isOurOrigin, isSecureVisit } from '#server/http/origin.ts'
import type { Peer } from '#server/http/peer.ts'
import type { Arrival } from '#server/people/sign-in-to-pages.ts'
import type { Visitor } from '#server/people/web-session.ts'
import { house } from './house.ts'
import { languageOfPage } from './language-of-page.ts'
import { writeCookie } from './write-cookie.ts'

/** A sibling name or a page over plain HTTP cannot set a cookie of the first name (RFC 6265bis §4.1.3.2). */
const names = { secure: '__Host-hearthkeep', plain: 'hearthkeep' }

/** As long as browsers allow; when a session ends is the server's decision, and pages cannot set cookies anew. */
const maxAge = 400 * 24 * 3600

/** The token this browser shows, if any. */
export async function readSessionToken(): Promise<string | null> {
  const jar = await cookies()
  return jar.get(await cookieName())?.value ?? null
}

/** Only in server actions after which people leave the page (`writeCookie`). */
export async function writeSessionToken(token: string): Promise<void> {
  writeCookie(await cookieName(), token, { maxAge, secure: await isVisitSecure() })
}

/** Only in server actions after which people leave the page (`writeCookie`). */
export async function forgetSessionToken(): Promise<void> {
  writeCookie(await cookieName(), '', { maxAge: 0, secure: await isVisitSecure() })
}

/** Who is at the other end, as the front door wrote it down. */
export async function readVisitor(): Promise<Visitor> {
  const all = await headers()
  return { address: peerIn(all).address, userAgent: all.get('user-agent') }
}

/** Who is about to sign in. */
export async function readArrival(): Promise<Arrival> {
  return { ...(await readVisitor()), replaces: await readSessionToken(), language: await languageOfPage() }
}

/** Whether the page that sent this request is one of ours. */
export async function isSentByOurPage(): Promise<boolean> {
  const all = await headers()
  return isOurOrigin(house().ctx.config, all.get('origin'), all.get('host'))
}

async function cookieName(): Promise<string> {
  return (await isVisitSecure()) ? names.secure : names.plain
}

/** Whether cookies of this visit can be kept to https. */
export async function isVisitSecure(): Promise<boolean> {
  const all = await headers()
  const visit = { secure: peerIn(all).secure, host: all.get('host'), origin: all.get('origin') }
  return isSecureVisit(house().ctx.config, visit)
}

function peerIn(all: Headers): Peer {
  const { address, secure } = JSON.parse(all.get('x-hearthkeep-peer') ?? '{}')
  return { address: String(address ?? ''), secure: secure === true }
}
