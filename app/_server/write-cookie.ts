import { house } from './house.ts'

/**
 * Set a cookie that scripts cannot read, on all paths. Only in server actions after which people leave the page: it is
 * not made anew for them.
 *
 * @param maxAge  seconds; 0 takes the cookie away
 */
export function writeCookie(
  name: string,
  value: string,
  { maxAge, secure }: { maxAge: number; secure: boolean },
): void {
  const flags = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  house().addCookie(`${name}=${encodeURIComponent(value)}; ${flags}`)
}
