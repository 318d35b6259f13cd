import type { Context } from './context.ts'
import { copyBeforeUpdate } from './keeping/copy-before-update.ts'
import { makePairing } from './lan/pairing/make-pairing.ts'
import { pairingLink } from './lan/pairing/pairing-link.ts'
import { reachOf } from './lan/pairing/redeem-pairing.ts'

/**
 * The program that started this one, where it left a channel for messages (`stdio: 'ipc'`): the desktop shell, or the
 * launcher of `npm start`, which does not listen. What is said is in electron/README.md.
 */
export type Parent = {
  /** Said when requests are served, and again when the addresses change. */
  ready(ctx: Context): void
  /** Why the start ended. Resolves when it is said. */
  failed(failure: { reason: string; words: string; port?: number }): Promise<void>
}

/** Where there is no channel nothing is said, and nobody asks. */
export function parentOf(channel: Pick<NodeJS.Process, 'send' | 'on'>): Parent {
  let house: Context | null = null
  channel.on('message', (message: unknown) => {
    if (!house) return
    const [copy, pair] = [idOf(message, 'copy-database'), idOf(message, 'make-pairing')]
    if (copy !== null)
      void answer(
        'database-copied',
        copy,
        copyBeforeUpdate(house).then((path) => ({ path })),
      )
    if (pair !== null) void answer('pairing-made', pair, pairingOf(house))
  })

  async function answer(type: string, id: number, work: Promise<object>): Promise<void> {
    const done = await work.catch((error: Error) => ({ words: error.message }))
    await say({ type, id, ...done })
  }

  function say(message: object): Promise<void> {
    return new Promise((resolve) => {
      // Whoever went away in the meantime is not told.
      if (channel.send) channel.send(message, undefined, undefined, () => resolve())
      else resolve()
    })
  }

  return {
    ready(ctx) {
      house = ctx
      void say({ type: 'ready', ...addressesOf(ctx) })
    },
    failed: (failure) => say({ type: 'failed', ...failure }),
  }
}

function addressesOf({ address, httpsAddress, config, settings, version }: Context) {
  const port = new URL(address).port
  return {
    pid: process.pid,
    version,
    http: address,
    https: httpsAddress,
    /** How devices come to trust this server; they have no certificate yet. */
    connect: httpsAddress ? `http://${config.hostname}:${port}/connect` : null,
    dataFolder: config.dataFolder,
    isSetUp: settings.values.setUpAt !== null,
  }
}

/** A code for whoever sits at this machine, as `hearthkeep pair` makes it there. @throws pairing.off */
async function pairingOf(ctx: Context): Promise<{ code: string; link: string; expiresAt: number }> {
  const reach = reachOf(ctx)
  const { code, expiresAt } = await makePairing(ctx, { ca: reach.ca, madeBy: null })
  return { code, expiresAt, link: pairingLink({ ...reach, code, invitation: null }) }
}

function idOf(message: unknown, type: string): number | null {
  const { type: said, id } = (message ?? {}) as { type?: unknown; id?: unknown }
  return said === type && typeof id === 'number' ? id : null
}
