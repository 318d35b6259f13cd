import type { Transport } from '#client/transport/transport.ts'
import type { OplogKeys } from './keys.ts'
import { answerChallenge } from './prove-possession.ts'

export type LinkOptions = {
  /** From the page "Sync keys" of whose log it is to be, e.g. `7K2M-0QRS`. */
  code: string
  /** What its owner sees it called; 1 to 100 characters. */
  name?: string
  signal?: AbortSignal
}

/**
 * Make this log a person's own: they see it on their page, can freeze, limit and delete it (oplog-sync §3 d).
 *
 * @throws ServerError: 410 for a code that is wrong, used or older than 15 minutes, 409 when it is somebody else's;
 *   NetworkError, ProtocolError
 */
export async function linkToAccount(
  transport: Transport,
  keys: OplogKeys,
  { code, name, signal }: LinkOptions,
): Promise<void> {
  const answered = await answerChallenge(transport, keys, signal)
  const json = { ...answered, code, ...(name === undefined ? {} : { name }) }
  await transport.send({ method: 'POST', path: '/sync/link', json, signal })
}
