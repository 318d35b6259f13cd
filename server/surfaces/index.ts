import { createRouteTable, type Route } from '#server/http/route-table.ts'
import { routes as pairing } from '#server/lan/pairing/routes.ts'
import { routes as cloudBackup } from './cloud-backup/routes.ts'
import { routes as factorRoutes } from './factors/routes.ts'
import { operationRoutes } from './operations/routes.ts'
import { routes as otp } from './otp/routes.ts'
import { routes as personas } from './personas/routes.ts'
import { syncRoutes } from './shared-sync.ts'

/** The route table: every wire endpoint of the house (design §3). */
const routes: Route[] = [
  ...operationRoutes(() => routes),
  ...pairing,
  ...factorRoutes,
  ...syncRoutes,
  // Last of `/v1`: it answers 404 for what nobody serves there.
  ...cloudBackup,
  ...otp,
  ...personas,
]

export const routeTable = createRouteTable(routes)
