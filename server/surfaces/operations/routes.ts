import { stringify } from 'yaml'
import { z } from 'zod'
import { json, text } from '#server/http/answers.ts'
import { endpoint } from '#server/http/endpoint.ts'
import { describeApi } from '#server/http/openapi.ts'
import { isLoopback } from '#server/http/peer.ts'
import type { Route } from '#server/http/route-table.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { HealthCheck } from './check-health.ts'
import { renderDocs } from './docs-page.ts'
import { operations as surface } from './errors.ts'
import { wellKnownRoutes } from './well-known.ts'

/** @param listRoutes  the whole table, which these routes are part of themselves */
export function operationRoutes(listRoutes: () => Route[]): Route[] {
  const checks = new HealthCheck()
  // Made once: it costs half a second, which anybody could ask for as often as they like.
  const described = once(({ version }: { version: string }) => describeApi(listRoutes(), version))
  const describedAsYaml = once((ctx: { version: string }) =>
    stringify(described(ctx), { aliasDuplicateObjects: false }),
  )

  const health = endpoint({
    surface,
    name: 'health',
    summary: 'Whether the server can keep things: writes and reads its database and its store',
    quiet: true,
    answers: {
      200: {
        description: 'healthy',
        schema: z.object({ status: z.literal('ok'), semver: z.string(), rev: z.string().nullable() }),
      },
      503: 'something cannot be written or read; `checks` says what',
    },
    async handle({ ctx }) {
      const checked = await checks.run(ctx)
      const healthy = checked.database === 'ok' && checked.store === 'ok'
      const answer = { status: healthy ? 'ok' : 'failed', semver: ctx.version, rev: null }
      return json(healthy ? 200 : 503, healthy ? answer : { ...answer, checks: checked })
    },
  })

  const ready = endpoint({
    surface,
    name: 'ready',
    summary: 'Whether requests should be sent here',
    quiet: true,
    answers: { 200: 'ready', 500: 'not ready' },
    async handle({ ctx }) {
      const checked = await checks.run(ctx)
      if (checked.database === 'failed' || checked.store === 'failed') throw new Problem('server.failed')
      return json(200, { status: 'ok' })
    },
  })

  const metrics = endpoint({
    surface,
    name: 'metrics',
    summary: 'Prometheus metrics, for loopback or with `Authorization: Bearer <HEARTHKEEP_METRICS_TOKEN>`',
    quiet: true,
    answers: { 200: 'Prometheus text', 401: 'not from here without the token' },
    async handle({ ctx, headers, peer }) {
      const token = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
      const known =
        token !== undefined && ctx.config.metricsToken !== null && sameSecret(token, ctx.config.metricsToken)
      // What says that it was passed on comes from elsewhere, whoever passes it on: a tunnel on this machine.
      const isPassedOn = headers.has('x-forwarded-for') || headers.has('forwarded')
      if (!known && (isPassedOn || !isLoopback(peer.address))) throw new Problem('auth.failed')
      return text(200, await ctx.metrics.registry.metrics(), { 'Content-Type': ctx.metrics.registry.contentType })
    },
  })

  const openapiJson = endpoint({
    surface,
    name: 'openapiJson',
    summary: 'This description as JSON',
    answers: { 200: 'OpenAPI 3.1' },
    handle: ({ ctx }) => json(200, described(ctx)),
  })

  const openapiYaml = endpoint({
    surface,
    name: 'openapiYaml',
    summary: 'This description as YAML',
    answers: { 200: 'OpenAPI 3.1' },
    handle: ({ ctx }) => text(200, describedAsYaml(ctx), { 'Content-Type': 'application/yaml; charset=utf-8' }),
  })

  const docs = endpoint({
    surface,
    name: 'docs',
    summary: 'This description to read in a browser',
    answers: { 200: 'HTML' },
    handle: ({ ctx }) => renderDocs(listRoutes(), ctx.version),
  })

  return [
    { path: '/health', surface, methods: { GET: health } },
    { path: '/ready', surface, methods: { GET: ready } },
    { path: '/metrics', surface, methods: { GET: metrics } },
    { path: '/openapi.json', surface, methods: { GET: openapiJson } },
    { path: '/openapi.yaml', surface, methods: { GET: openapiYaml } },
    { path: '/docs', surface, methods: { GET: docs } },
    ...wellKnownRoutes,
  ]
}

/** @returns `make`, which runs at its first call only: the version of a process does not change */
function once<In, Out>(make: (given: In) => Out): (given: In) => Out {
  let made: { value: Out } | null = null
  return (given) => {
    made ??= { value: make(given) }
    return made.value
  }
}
