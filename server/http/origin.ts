import type { Config } from '#server/config/env.ts'

/** What is known about how a browser reached us. */
type Visit = { secure: boolean; host: string | null; origin: string | null }

/**
 * Whether a request was sent by a page of this server: its `Origin` names the host it was sent to, or the public
 * address, where a proxy in front may call us something else. A request without one was not sent by a browser's page.
 */
export function isOurOrigin(
  config: Config,
  origin: string | null | undefined,
  host: string | null | undefined,
): boolean {
  if (!origin || !URL.canParse(origin)) return false
  const { host: from, origin: whole, protocol } = new URL(origin)
  if (config.publicUrl && whole === new URL(config.publicUrl).origin) return true
  return (protocol === 'https:' || protocol === 'http:') && from === host?.toLowerCase()
}

/** Whether the browser's own address bar says https, be it our listener or a proxy in front that ends TLS. */
export function isSecureVisit({ publicUrl }: Config, { secure, host, origin }: Visit): boolean {
  if (secure) return true
  if (!publicUrl?.startsWith('https:')) return false
  const known = new URL(publicUrl)
  return origin === known.origin || host?.toLowerCase() === known.host
}
