import type { Endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { sync as syncFactorBackup } from './factors/routes.ts'
import { routes as oplogRoutes, postSync } from './oplog/routes.ts'

const multipart = /^\s*multipart\/form-data\s*(?:;|$)/i

/** `POST /sync` is two systems': a multipart body is a factor backup's, everything else the operation log's (design §1). */
const post: Endpoint = {
  spec: {
    ...postSync.spec,
    parts: syncFactorBackup.spec.parts,
    answers: {
      ...postSync.spec.answers,
      412: 'as `/v1/sync`, for multipart bodies',
      423: 'as `/v1/sync`, for multipart bodies',
    },
  },
  answer(ctx, request, ...rest) {
    const owner = multipart.test(request.headers.get('content-type') ?? '') ? syncFactorBackup : postSync
    return owner.answer(ctx, request, ...rest)
  },
}

/** The operation log's routes, with the one that is shared. */
export const syncRoutes: Route[] = oplogRoutes.map((route) =>
  route.path === '/sync' ? { ...route, methods: { ...route.methods, POST: post } } : route,
)
