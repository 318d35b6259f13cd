import { TrieRouter } from 'hono/router/trie-router'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { empty } from './answers.ts'
import { type Endpoint, endpoint, type Surface } from './endpoint.ts'
import type { Peer } from './peer.ts'

export type Route = {
  /** Pattern with `:name` for one segment and a final `*` for any rest, e.g. `/v1/devices/:id`. */
  path: string
  surface: Surface
  /** By HTTP method; `ANY` answers every one. HEAD falls back to GET. */
  methods: Partial<Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'ANY', Endpoint>>
  /** Letter case and a trailing slash do not matter (personas). */
  lenient?: boolean
}

export type Match = { route: Route; params: Record<string, string> }

export type RouteTable = {
  routes: Route[]
  /** @param path  of the request, still percent-encoded */
  find(path: string): Match | null
  answer(ctx: Context, match: Match, request: Request, peer: Peer): Promise<Response>
}

/**
 * The one table behind both doors (design §3): the front door asks it directly, the handlers under `app/(wire)` through
 * `app/_server`.
 */
export function createRouteTable(routes: Route[]): RouteTable {
  const exact = new TrieRouter<Route>()
  const lenient = new TrieRouter<Route>()
  for (const route of routes) (route.lenient ? lenient : exact).add('ALL', route.path, route)

  return {
    routes,
    find(path) {
      const relaxed = path.length > 1 ? path.replace(/\/+$/, '').toLowerCase() : path
      const route = firstOf(lenient, relaxed) ?? firstOf(exact, path)
      return route ? { route, params: paramsOf(route, path) } : null
    },
    answer(ctx, match, request, peer) {
      return endpointFor(match.route, request.method).answer(ctx, request, match.params, peer)
    },
  }
}

function firstOf(router: TrieRouter<Route>, path: string): Route | null {
  return router.match('ALL', path)[0][0]?.[0] ?? null
}

/** Values as they stand in the path; `endpoint` decodes them, so that bad encoding gets the surface's envelope. */
function paramsOf(route: Route, path: string): Record<string, string> {
  const given = path.split('/')
  const params: Record<string, string> = {}
  for (const [place, segment] of route.path.split('/').entries())
    if (segment.startsWith(':')) params[segment.slice(1)] = given[place] ?? ''
  return params
}

function endpointFor({ methods, surface }: Route, method: string): Endpoint {
  const known = methods as Record<string, Endpoint | undefined>
  const exact = known[method] ?? methods.ANY
  if (exact) return exact
  if (method === 'HEAD' && methods.GET) return withoutBody(methods.GET)
  const allow = allowed(methods)
  if (method === 'OPTIONS') return options(surface, allow)
  return refuse(surface, allow)
}

function allowed(methods: Route['methods']): string {
  const names = new Set(Object.keys(methods))
  if (names.has('GET')) names.add('HEAD')
  names.add('OPTIONS')
  return [...names].sort().join(', ')
}

/** GET's answer with its body thrown away, for answers that are made in memory anyway. */
function withoutBody(get: Endpoint): Endpoint {
  return {
    spec: get.spec,
    async answer(...call) {
      const response = await get.answer(...call)
      await response.body?.cancel()
      return new Response(null, { status: response.status, headers: response.headers })
    },
  }
}

function options(surface: Surface, allow: string): Endpoint {
  return endpoint({
    surface,
    name: 'options',
    summary: 'Methods of this path',
    answers: { 200: '`Allow` lists them' },
    handle: () => empty(200, { Allow: allow }),
  })
}

function refuse(surface: Surface, allow: string): Endpoint {
  return endpoint({
    surface,
    name: 'methodNotAllowed',
    summary: 'Not a method of this path',
    answers: { 405: '`Allow` lists the methods' },
    handle() {
      throw new Problem('method.not_allowed', { headers: { Allow: allow } })
    },
  })
}
