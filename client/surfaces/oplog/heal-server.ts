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
      const { clientId, index, payload } = operation
      const answer = await client.sync({ clientId, index, payload, status: local.status(), signal })
      for await (const batch of answer.lines) await receive(batch)
      return true
    } catch (error) {
      if (isServerError(error, 409)) return false
      throw error
    }
  }
  const lacking = new Map((await local.held()).map((operation) => [nameOf(operation), operation]))
  const taken = new Set<WireOperation>()
  // Without an index, and with nothing known, the server leaves nothing out, not even what is our own.
  const { lines } = await client.sync({ clientId: local.clientId, status: {}, signal })
  for await (const batch of lines) {
    for (const line of batch) {
      const ours = lacking.get(nameOf(line))
      if (ours && ours.payload !== line.payload) taken.add(ours)
      else lacking.delete(nameOf(line))
    }
    await receive(batch)
  }
  const forked = new Set<string>()
  for (const operation of lacking.values()) {
    const { clientId } = operation
    if (!forked.has(clientId) && !taken.has(operation) && (await upload(operation))) continue
    // Somebody goes on under this client id. Were its later slots filled again, devices that knew them would not be
    // told that something is missing.
    forked.add(clientId)
    await leaveSlot(operation)
  }
}

function nameOf({ clientId, index }: Slot): string {
  return `${clientId}.${index}`
}
