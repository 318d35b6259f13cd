import { createRouteTable, type Route } from '#server/http/route-table.ts'
import { routes as cloudBackup } from './cloud-backup/routes.ts'
import { operationRoutes } from './operations/routes.ts'
import { routes as oplog } from './oplog/routes.ts'
import { routes as personas } from './personas/routes.ts'

/** The route table: every wire endpoint of the house (design §3). */
const routes: Route[] = [...operationRoutes(() => routes), ...cloudBackup, ...oplog, ...personas]

export const routeTable = createRouteTable(routes)
