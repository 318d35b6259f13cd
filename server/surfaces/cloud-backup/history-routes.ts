import { z } from 'zod'
import { empty, json } from '#server/http/answers.ts'
import { endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { Problem } from '#server/kit/problem.ts'
import { authenticateBearer } from '#server/people/bearer.ts'
import { cloudBackup as surface } from './errors.ts'
import { etag } from './put-slot.ts'
import { listSlotHistory, restoreSlot } from './restore-slot.ts'
import { slotOf } from './store.ts'

/** What the original lacks: the way back to a version that was overwritten (additive). */

const signedIn = { auth: authenticateBearer, security: 'bearer' } as const

const History = z.object({
  history: z.array(
    z.object({
      version: z.number().int(),
      size: z.number().int(),
      storedAt: z.iso.datetime(),
      replacedAt: z.iso.datetime().nullable(),
    }),
  ),
})

const getHistory = endpoint({
  ...signedIn,
  surface,
  name: 'listBackupHistory',
  summary: 'Earlier versions of the slot, newest first',
  answers: { 200: { description: 'the versions', schema: History } },
  handle({ ctx, actor }) {
    const history = listSlotHistory(ctx, slotOf(actor)).map(({ version, size, createdAt, supersededAt }) => ({
      version,
      size,
      storedAt: new Date(createdAt).toISOString(),
      replacedAt: supersededAt === null ? null : new Date(supersededAt).toISOString(),
    }))
    return json(200, { history })
  },
})

const postVersion = endpoint({
  ...signedIn,
  surface,
  name: 'restoreBackup',
  summary: 'Make an earlier version the current one again, as a new version',
  answers: { 200: '`ETag` holds the new version', 404: 'the history does not hold that version' },
  async handle({ ctx, actor, params }) {
    if (!/^\d{1,9}$/.test(params.version ?? '')) throw new Problem('not_found')
    return empty(200, { ETag: etag(await restoreSlot(ctx, actor, Number(params.version))) })
  },
})

export const historyRoutes: Route[] = [
  { path: '/v1/backup/history', surface, methods: { GET: getHistory } },
  { path: '/v1/backup/history/:version', surface, methods: { POST: postVersion } },
]
