import { cookies } from 'next/headers'
import { isVisitSecure } from './session-cookie.ts'
import { writeCookie } from './write-cookie.ts'

/** Long enough for an evening that is interrupted; with the code, any browser gets another. */
const maxAge = 7 * 24 * 3600

/** The token of the claim that this browser shows, if any. */
export async function readClaim(): Promise<string | null> {
  return (await cookies()).get(await claimCookie())?.value ?? null
}

/** Only in server actions after which people leave the page (`writeCookie`). */
export async function writeClaim(token: string): Promise<void> {
  writeCookie(await claimCookie(), token, { maxAge, secure: await isVisitSecure() })
}

/** Only in server actions after which people leave the page (`writeCookie`). */
export async function forgetClaim(): Promise<void> {
  writeCookie(await claimCookie(), '', { maxAge: 0, secure: await isVisitSecure() })
}

async function claimCookie(): Promise<string> {
  return (await isVisitSecure()) ? '__Host-hearthkeep-setup' : 'hearthkeep-setup'
}
