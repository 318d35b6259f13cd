import { cookies } from 'next/headers'
import { isVisitSecure } from './session-cookie.ts'

/** Long enough for an evening that is interrupted; with the code, any browser gets another. */
const maxAge = 7 * 24 * 3600

/** The token of the claim that this browser shows, if any. */
export async function readClaim(): Promise<string | null> {
  return (await cookies()).get(await claimCookie())?.value ?? null
}

/** Only in server actions. */
export async function writeClaim(token: string): Promise<void> {
  const secure = await isVisitSecure()
  ;(await cookies()).set(await claimCookie(), token, { httpOnly: true, sameSite: 'lax', path: '/', maxAge, secure })
}

/** Only in server actions. */
export async function forgetClaim(): Promise<void> {
  const secure = await isVisitSecure()
  const gone = { httpOnly: true, sameSite: 'lax', path: '/', maxAge: 0, secure } as const
  ;(await cookies()).set(await claimCookie(), '', gone)
}

async function claimCookie(): Promise<string> {
  return (await isVisitSecure()) ? '__Host-hearthkeep-setup' : 'hearthkeep-setup'
}
