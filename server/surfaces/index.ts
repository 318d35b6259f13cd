import { createRouteTable, type Route } from '#server/http/route-table.ts'
import { routes as cloudBackup } from './cloud-backup/routes.ts'
import { factors } from './factors/errors.ts'
import { routes as factorRoutes, sync as factorSync } from './factors/routes.ts'
import { operationRoutes } from './operations/routes.ts'
import { routes as otp } from './otp/routes.ts'
import { routes as personas } from './personas/routes.ts'

/** The route table: every wire endpoint of the house (design §3). */
const routes: Route[] = [
  ...operationRoutes(() => routes),
  ...factorRoutes,
  { path: '/sync', surface: factors, methods: { POST: factorSync } },
  // Last of `/v1`: it answers 404 for what nobody serves there.
  ...cloudBackup,
  ...otp,
  ...personas,
]

export const routeTable = createRouteTable(routes)
