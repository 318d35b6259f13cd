import type { z } from 'zod'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { readJson } from './json-body.ts'
import type { Peer } from './peer.ts'
import type { RateLimit } from './rate-limit.ts'
import { requestIdOf } from './request-id.ts'

/** A wire protocol's way of saying things. */
export type Surface = {
  name: string
  /** Our code in this protocol's envelope; the request id is put on by `endpoint`. */
  encodeProblem(problem: Problem): Response
}

export type Authenticate<Actor> = (ctx: Context, request: Request, peer: Peer) => Actor | Promise<Actor>

export type Call<Actor, Params, Body> = {
  ctx: Context
  actor: Actor
  request: Request
  headers: Headers
  params: Params
  query: URLSearchParams
  body: Body
  peer: Peer
  requestId: string
}

export type JsonBody<T> = { json: z.ZodType<T>; limit: number }

export type EndpointSpec<Actor, Params, Body> = {
  surface: Surface
  /** operationId in /openapi.json and label in logs and metrics, e.g. `putBackup`. */
  name: string
  summary: string
  description?: string
  limit?: RateLimit
  auth?: Authenticate<Actor>
  /** Security scheme in /openapi.json. */
  security?: 'bearer' | 'basic'
  params?: z.ZodType<Params>
  /** What is read and validated before `handle`; endpoints that stream read `request` themselves. */
  body?: JsonBody<Body>
  /** Shape of a body that `handle` reads with `readFields`, as JSON or a form, for /openapi.json. */
  fields?: z.ZodType
  /** Shape of a JSON body that `handle` reads itself, for /openapi.json. */
  takes?: z.ZodType
  /** Shape of the part `payload` beside the bytes of the part `backup`, for /openapi.json. */
  parts?: z.ZodType
  /** Media type of a streamed body, for /openapi.json. */
  streams?: string
  /** Status → what it means. */
  answers: Record<number, string | { description: string; schema?: z.ZodType; mediaType?: string }>
  /** Whether the request is kept out of the log (health probes). */
  quiet?: boolean
  handle(call: Call<Actor, Params, Body>): Response | Promise<Response>
}

export type Endpoint = {
  // biome-ignore lint/suspicious/noExplicitAny: a table of endpoints holds every shape of them
  spec: EndpointSpec<any, any, any>
  answer(ctx: Context, request: Request, params: Record<string, string>, peer: Peer): Promise<Response>
}

/**
 * A request's way through one endpoint: rate limit → authentication → parameters → body → `handle`, with the
 * surface's envelope for every error, a log line without secrets, and `x-request-id` on every answer (design §3).
 */
export function endpoint<Actor = null, Params = Record<string, string>, Body = undefined>(
  spec: EndpointSpec<Actor, Params, Body>,
): Endpoint {
  return {
    spec,
    async answer(ctx, request, params, peer) {
      const started = performance.now()
      const requestId = requestIdOf(request)
      let problem: Problem | null = null
      let response: Response
      try {
        response = await run(spec, { ctx, request, params, peer, requestId })
      } catch (error) {
        problem = isProblem(error) ? error : new Problem('server.failed', { cause: error })
        response = spec.surface.encodeProblem(problem)
        for (const [name, value] of Object.entries(problem.headers)) response.headers.set(name, value)
      }
      response.headers.set('x-request-id', requestId)
      // What somebody stored must not run as a page of ours, whatever media type they gave it.
      response.headers.set('X-Content-Type-Options', 'nosniff')
      if (!response.headers.has('Content-Security-Policy'))
        response.headers.set('Content-Security-Policy', "default-src 'none'; sandbox")
      report(ctx, spec, request.method, response.status, problem, { requestId, peer, started })
      return response
    },
  }
}

type Incoming = {
  ctx: Context
  request: Request
  params: Record<string, string>
  peer: Peer
  requestId: string
}

async function run<Actor, Params, Body>(
  spec: EndpointSpec<Actor, Params, Body>,
  { ctx, request, params, peer, requestId }: Incoming,
): Promise<Response> {
  if (spec.limit) ctx.rates.take(spec.limit, peer.address)
  const actor = spec.auth ? await spec.auth(ctx, request, peer) : (null as Actor)
  const decoded = decodeParams(params)
  const checked = spec.params ? spec.params.safeParse(decoded) : null
  if (checked && !checked.success)
    throw new Problem('input.invalid', { message: checked.error.issues[0]?.message ?? '' })
  const body = spec.body ? await readJson(request, spec.body) : (undefined as Body)
  return spec.handle({
    ctx,
    actor,
    request,
    headers: request.headers,
    params: checked ? checked.data : (decoded as Params),
    query: new URL(request.url).searchParams,
    body,
    peer,
    requestId,
  })
}

function decodeParams(params: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new Problem('input.invalid', { message: 'The path is not valid percent-encoding' })
  }
}

type Seen = { requestId: string; peer: Peer; started: number }

/** The path is not logged, its endpoint is: paths hold e-mail addresses, ids and codes. */
function report(
  ctx: Context,
  spec: { surface: Surface; name: string; quiet?: boolean },
  method: string,
  status: number,
  problem: Problem | null,
  { requestId, peer, started }: Seen,
): void {
  const milliseconds = Math.round((performance.now() - started) * 10) / 10
  ctx.metrics.request(spec.surface.name, spec.name, method, status, milliseconds)
  if (spec.quiet && status < 500) return
  const line = { request: requestId, method, endpoint: spec.name, status, milliseconds, address: peer.address }
  if (status >= 500 && problem)
    ctx.log.error({ ...line, problem: problem.code, error: problem.cause }, 'request failed')
  else if (problem) ctx.log.info({ ...line, problem: problem.code }, 'request refused')
  else ctx.log.info(line, 'request')
}
