import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import { createLog } from '#server/kit/log.ts'
import { LocalCa } from './local-ca.ts'

export const day = 24 * 60 * 60 * 1000

/** A CA in a folder of its own, with clock, name and addresses in the test's hands. */
export function testCa() {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hearthkeep-lan-'))
  const world = { ahead: 0, hostname: 'hearth.test', publicUrl: null as string | null, addresses: ['192.168.1.20'] }
  const clock = { now: () => Date.now() + world.ahead }
  const open = () =>
    new LocalCa({
      config: { dataFolder, hostname: world.hostname, publicUrl: world.publicUrl },
      clock,
      ids: systemIds(systemClock),
      log: createLog('silent'),
      addresses: () => world.addresses,
    })
  return {
    world,
    clock,
    dataFolder,
    open,
    [Symbol.dispose]: () => rmSync(dataFolder, { recursive: true, force: true }),
  }
}

export const making = { now: Date.now(), random: randomBytes }
