/**
 * Loaded before the server (`preload` of `startServer`): when the file named by MOVE_FILE appears, the objects begin to
 * move to the place it names, as when a keeper asks for it on their page.
 */
import { readFileSync, rmSync } from 'node:fs'

const file = process.env.MOVE_FILE ?? ''
const slot = Symbol.for('hearthkeep.house')

const timer = setInterval(async () => {
  const ctx = globalThis[slot]?.ctx
  const wanted = ctx && read()
  if (!wanted) return
  clearInterval(timer)
  rmSync(file)
  const begun = await ctx.keeping.beginMove(wanted, { accountId: 'a keeper', address: '127.0.0.1' })
  if (!begun.hasBegun) console.error('the move was refused', JSON.stringify(begun))
}, 25)
timer.unref()

function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
