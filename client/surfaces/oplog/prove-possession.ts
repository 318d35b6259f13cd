import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { ProtocolError } from '#client/transport/errors.ts'
import type { Transport } from '#client/transport/transport.ts'
import type { OplogKeys } from './keys.ts'

export type ProofOptions = {
  /** From now on the server asks everybody who uses this log for a proof; false lifts that. */
  require?: boolean
  signal?: AbortSignal
}

/**
 * Show the server that this device has the private key: decrypt 32 random bytes that it encrypted to the public one
 * (oplog-sync §3 b). Operations are encrypted under another OAEP label, so that this opens none of them.
 *
 * @returns a token for `Authorization: Bearer`, good for a short while
 * @throws ServerError, NetworkError, ProtocolError
 */
export async function provePossession(
  transport: Transport,
  keys: OplogKeys,
  { require, signal }: ProofOptions = {},
): Promise<string> {
  const answer = { ...(await answerChallenge(transport, keys, signal)), require }
  const proven = await transport.send({ method: 'POST', path: '/sync/proof', json: answer, signal })
  return textOf(fieldsOf(await proven.json()).token)
}

/** A challenge of the server's with the nonce that was in it. */
export type AnsweredChallenge = { user: string; challenge: string; nonce: string }

/** @throws ServerError, NetworkError, ProtocolError */
export async function answerChallenge(
  transport: Transport,
  keys: OplogKeys,
  signal?: AbortSignal,
): Promise<AnsweredChallenge> {
  const { user } = keys
  const ask = { method: 'POST', path: '/sync/challenge', json: { user }, idempotent: true, signal }
  const { challenge, nonce: sealed } = fieldsOf(await (await transport.send(ask)).json())
  const bytes = fromBase64(textOf(sealed))
  if (bytes === null) throw unexpected()
  const opened = await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, keys.decrypt, bytes).catch(() => null)
  if (opened?.byteLength !== 32) throw unexpected()
  return { user, challenge: textOf(challenge), nonce: toBase64(new Uint8Array(opened)) }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unexpected()
  return value as Record<string, unknown>
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw unexpected()
  return value
}

function unexpected(): ProtocolError {
  return new ProtocolError('The server’s challenge is not one of this protocol')
}
