/**
 * What the page on plain HTTP asks for over HTTPS: a device that gets an answer trusts this server. Says nothing, so
 * any page may hear it.
 */
export function GET(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'no-store',
    },
  })
}
