import { z } from 'zod'
import { json } from '#server/http/answers.ts'
import { endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { Problem } from '#server/kit/problem.ts'
import { authenticateBasic } from '#server/people/basic.ts'
import { jsonType, personas as surface } from './errors.ts'
import { listPersonaHistory, restorePersona } from './persona-history.ts'
import { etag } from './put-persona.ts'
import { Nothing, readPersonaId } from './wire.ts'

/** What the original lacks: the way back to a version that was overwritten or deleted (additive). */

const signedIn = { auth: authenticateBasic, security: 'basic' } as const

const History = z.object({
  history: z.array(
    z.object({
      version: z.number().int(),
      size: z.number().int(),
      contentType: z.string(),
      storedAt: z.iso.datetime(),
      replacedAt: z.iso.datetime().nullable(),
    }),
  ),
})

const getHistory = endpoint({
  ...signedIn,
  surface,
  name: 'listPersonaHistory',
  summary: 'Earlier versions of a persona, newest first; of a deleted one, its last version as well',
  answers: { 200: { description: 'the versions', schema: History }, 401: 'not signed in' },
  handle({ ctx, actor, params }) {
    const persona = { accountId: actor.accountId, personaId: readPersonaId(params.pid ?? '') }
    const history = listPersonaHistory(ctx, persona).map(({ version, size, contentType, createdAt, supersededAt }) => ({
      version,
      size,
      contentType,
      storedAt: new Date(createdAt).toISOString(),
      replacedAt: supersededAt === null ? null : new Date(supersededAt).toISOString(),
    }))
    return json(200, { history }, jsonType)
  },
})

const postVersion = endpoint({
  ...signedIn,
  surface,
  name: 'restorePersona',
  summary: 'Make an earlier version the current one again, as a new version',
  answers: {
    200: { description: 'restored; `ETag` holds the new version', schema: Nothing },
    401: 'not signed in',
    404: '[4,4] the history does not hold that version',
  },
  async handle({ ctx, actor, params }) {
    const persona = { ...actor, personaId: readPersonaId(params.pid ?? '') }
    if (!/^\d{1,9}$/.test(params.version ?? '')) throw new Problem('not_found')
    const version = await restorePersona(ctx, persona, Number(params.version))
    return json(200, {}, { ...jsonType, ETag: etag(version) })
  },
})

export const historyRoutes: Route[] = [
  { path: '/personas/:pid/history', surface, lenient: true, methods: { GET: getHistory } },
  { path: '/personas/:pid/history/:version', surface, lenient: true, methods: { POST: postVersion } },
]
