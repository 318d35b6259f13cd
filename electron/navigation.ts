/** The one page that the shell's window shows. */
export const shellOrigin = 'hearthkeep://shell'

/**
 * Where a link leads. The window shows the shell's own page and nothing else. The server's pages, passkey ceremonies above
 * all, belong into the person's browser, which holds their passkeys and their session.
 */
export function whereTo(url: string): 'window' | 'browser' | 'nowhere' {
  if (!URL.canParse(url)) return 'nowhere'
  const { protocol, host, username, password } = new URL(url)
  if (username || password) return 'nowhere'
  if (protocol === 'hearthkeep:') return host === 'shell' ? 'window' : 'nowhere'
  return protocol === 'https:' || protocol === 'http:' ? 'browser' : 'nowhere'
}

/** What the page may ask of the system: to put an address on the clipboard. */
export function isPermitted(permission: string, askedBy: string): boolean {
  const isOurs = askedBy === shellOrigin || askedBy.startsWith(`${shellOrigin}/`)
  return isOurs && permission === 'clipboard-sanitized-write'
}

/** Files of the shell's page, by path. Everything else is not there. */
export function pageFile(url: string): { name: string; type: string } | null {
  if (whereTo(url) !== 'window') return null
  const { pathname } = new URL(url)
  return files.get(pathname) ?? null
}

const files = new Map([
  ['/', { name: 'status.html', type: 'text/html; charset=utf-8' }],
  ['/status.css', { name: 'status.css', type: 'text/css; charset=utf-8' }],
  ['/status.js', { name: 'status.js', type: 'text/javascript; charset=utf-8' }],
])

export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
