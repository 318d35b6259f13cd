import { isServerError } from '#client/transport/errors.ts'
import type { LocalLog } from './local-log.ts'
import type { Slot } from './operation-payload.ts'
import type { WireOperation } from './read-lines.ts'
import type { SyncClient } from './sync-client.ts'

export type Healing = {
  receive(batch: WireOperation[]): Promise<void>
  leaveSlot(slot: Slot): Promise<void>
  signal?: AbortSignal
}

/**
 * Give back to a server what it once had and lost (restored from an older copy, log deleted): it is asked for all it
 * has, and what this device holds beyond that goes up again, that of other devices too, since they may be gone. The
 * server takes an operation it has for done, so several devices may do this at once.
 *
 * @throws NetworkError, ServerError
 */
export async function healServer(client: SyncClient, local: LocalLog, healing: Healing): Promise<void> {
  const { receive, leaveSlot, signal } = healing
  const upload = async (operation: WireOperation) => {
    try {
      const answer = await client.sync({ ...operation, status: local.status(), signal })
      for await (const batch of answer.lines) await receive(batch)
      return true
    } catch (error) {
      if (isServerError(error, 409)) return false
      throw error
    }
  }
  const present = new Map<string, string>()
  // Without an index, and with nothing known, the server leaves nothing out, not even what is our own.
  const { lines } = await client.sync({ clientId: local.clientId, status: {}, signal })
  for await (const batch of lines) {
    for (const { clientId, index, payload } of batch) present.set(`${clientId}.${index}`, payload)
    await receive(batch)
  }
  for (const { clientId, index, payload } of await local.held()) {
    const there = present.get(`${clientId}.${index}`)
    if (there === payload) continue
    // Where somebody was faster with another operation, ours moves; another device's is for that device to move.
    const isFree = there === undefined && (await upload({ clientId, index, payload }))
    if (!isFree) await leaveSlot({ clientId, index })
  }
}
