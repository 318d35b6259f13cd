const sections = /^\/(home|admin)(\/|$)/

/**
 * Where to go after signing in: a signed-in page of ours, or home. Anything else, most of all another server, is not
 * believed, however it is spelled; what is returned is what a browser would make of it, not what was given.
 */
export function nextPage(given: string | string[] | undefined): string {
  const base = 'http://here.invalid'
  if (typeof given !== 'string' || !given.startsWith('/') || !URL.canParse(given, base)) return '/home'
  const { origin, pathname, search } = new URL(given, base)
  return origin === base && sections.test(pathname) ? pathname + search : '/home'
}
