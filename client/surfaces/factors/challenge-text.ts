import type { Challenge } from './wire.ts'
import { unexpected } from './wire.ts'

/** The 32 bytes a key pair signs, in base64. @throws ProtocolError when the server sent WebAuthn options instead */
export function challengeText({ challenge }: Challenge): string {
  if (typeof challenge !== 'string') throw unexpected()
  return challenge
}

/** WebAuthn options without the server's wrapper. @throws ProtocolError when there are none */
export function challengeOptions({ challenge }: Challenge): Record<string, unknown> {
  const options = typeof challenge === 'string' ? undefined : challenge.publicKey
  if (typeof options !== 'object' || options === null) throw unexpected()
  return options as Record<string, unknown>
}
