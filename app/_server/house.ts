import { houseSlot, type RunningHouse } from '#server/house-slot.ts'

/** The running server (design §2). @throws when Next runs without it, e.g. under `next start` */
export function house(): RunningHouse {
  const running = (globalThis as Record<symbol, unknown>)[houseSlot] as RunningHouse | undefined
  if (!running) throw new Error('The pages run inside the Hearthkeep server; start it with `npm start`')
  return running
}
