import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import type { OplogKeys } from './keys.ts'
import type { Slot } from './operation-payload.ts'

/** Beyond this, opening a payload again costs less than keeping it twice. */
const longestPayload = 16 * 1024
const nonceLength = 12

/**
 * The content of an operation, sealed for this device alone: opening it takes a hundredth of the time RSA takes, so that
 * a log of thousands is there at once. Worth nothing to others, and never sent.
 *
 * @returns base64 of nonce ‖ AES-256-GCM; undefined for payloads that are not worth it
 */
export async function sealLocalCopy(
  keys: OplogKeys,
  slot: Slot,
  payload: string,
  content: Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  if (payload.length > longestPayload) return undefined
  const iv = crypto.getRandomValues(new Uint8Array(nonceLength))
  const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters(iv, slot, payload), keys.local, content))
  const copy = new Uint8Array(nonceLength + sealed.byteLength)
  copy.set(iv)
  copy.set(sealed, nonceLength)
  return toBase64(copy)
}

/** @returns null for a copy that is damaged, or of another operation; the payload says it too */
export async function openLocalCopy(
  keys: OplogKeys,
  slot: Slot,
  payload: string,
  copy: string | undefined,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = fromBase64(copy ?? '')
  if (bytes === null || bytes.byteLength <= nonceLength) return null
  const algorithm = parameters(bytes.slice(0, nonceLength), slot, payload)
  return crypto.subtle.decrypt(algorithm, keys.local, bytes.slice(nonceLength)).then(
    (content) => new Uint8Array(content),
    () => null,
  )
}

/** Bound to the slot and to the end of the payload, which is its MAC. */
function parameters(iv: Uint8Array<ArrayBuffer>, { clientId, index }: Slot, payload: string) {
  const additionalData = new TextEncoder().encode(`${clientId}.${index}.${payload.slice(-44)}`)
  return { name: 'AES-GCM', iv, additionalData }
}
