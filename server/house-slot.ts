import type { Context } from './context.ts'
import type { addCookie } from './http/page-answer.ts'
import type { RouteTable } from './http/route-table.ts'
import type { Restoring } from './setup/restoring.ts'

/**
 * Next bundles its own copies of modules, so the running server is handed over in one place on `globalThis`
 * (design §2): `main.ts` puts it there before Next is prepared, `app/_server` takes it from there.
 */
export const houseSlot = Symbol.for('hearthkeep.house')

export type RunningHouse = {
  ctx: Context
  table: RouteTable
  restoring: Restoring
  /** On the answer of the page's action that is running now. */
  addCookie: typeof addCookie
}
