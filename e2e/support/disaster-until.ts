import { setTimeout as sleep } from 'node:timers/promises'

/** Wait until something holds. @throws with `what` when it does not within `seconds` */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 15): Promise<void> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; await sleep(25))
    if (await holds()) return
  throw new Error(`Not within ${seconds} s: ${what}`)
}
