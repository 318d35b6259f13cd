import { goByKept, type KeptNeeds, rowsOfSettings } from './kept-variables.ts'

/** How long a change made beside the server, by the command line, may go unnoticed. */
const lookEvery = 2_000

/** Go by what another process has kept in the database of this running server. */
export function watchKept(ctx: KeptNeeds & Required<Pick<KeptNeeds, 'log'>>): { look(): void; stop(): void } {
  let seen = rowsOfSettings(ctx.db.read)
  function look(): void {
    try {
      const found = rowsOfSettings(ctx.db.read)
      if (found === seen) return
      seen = found
      goByKept(ctx)
    } catch (error) {
      ctx.log.warn({ error }, 'changed settings could not be used')
    }
  }
  const timer = setInterval(look, lookEvery).unref()
  return { look, stop: () => clearInterval(timer) }
}
