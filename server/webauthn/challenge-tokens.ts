import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { z } from 'zod'
import type { Clock } from '#server/kit/clock.ts'
import { Problem } from '#server/kit/problem.ts'
import { type ChallengeKeyNeeds, ChallengeKeys } from './challenge-keys.ts'

export type ChallengeType = 'PASSKEY' | 'KEYPAIR'

/** `kind` is the route's, the rest is what the challenge is bound to, e.g. `{ kind: 'RESET', backupAccountId }`. */
export type ChallengeContext = { kind: string } & Record<string, string>

export type OpenedChallenge = {
  /** What was to be signed. */
  payload: Buffer
  context: ChallengeContext
  /** SHA-256 of what the token says, hex: two spellings of one token are still one token. */
  hash: string
  /** Milliseconds. */
  expiresAt: number
}

const lifetime = 15 * 60
/** Characters; the longest real one carries an id_token. */
const longest = 64 * 1024
/** Of what a challenge is bound to, characters: an id_token of a provider that puts much into it. */
const longestBound = 32 * 1024

const claims = z.object({
  payload: z.base64(),
  context: z.intersection(z.object({ kind: z.string() }), z.record(z.string(), z.string())),
  iat: z.number(),
  nbf: z.number(),
  exp: z.number(),
})
const typed = z.looseObject({ type: z.enum(['PASSKEY', 'KEYPAIR']) })

/**
 * Challenges that the server need not remember: what was to be signed, what for, and until when, sealed as a compact
 * JWE (RFC 7516, `dir` with A256GCM), so that clients can neither read nor alter it (factor-backup §3.1).
 */
export class ChallengeTokens {
  readonly #keys: ChallengeKeys
  readonly #clock: Clock

  private constructor(keys: ChallengeKeys, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
  }

  static async open(needs: ChallengeKeyNeeds): Promise<ChallengeTokens> {
    return new ChallengeTokens(await ChallengeKeys.open(needs), needs.clock)
  }

  /** @throws input.invalid when it would be bound to more than a token can carry */
  async seal(challenge: { type: ChallengeType; context: ChallengeContext; payload: Uint8Array }): Promise<string> {
    const { type, context, payload } = challenge
    if (Object.values(context).some((value) => value.length > longestBound))
      throw new Problem('input.invalid', { message: 'What the challenge is for is too long' })
    const { id, key } = await this.#keys.current()
    // Whole seconds, as is usual; a clock that is put right by a few milliseconds does no harm then.
    const now = Math.floor(this.#clock.now() / 1000)
    const plain = JSON.stringify({
      payload: Buffer.from(payload).toString('base64'),
      type,
      context,
      iat: now,
      nbf: now,
      exp: now + lifetime,
    })
    return new CompactEncrypt(Buffer.from(plain))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id })
      .encrypt(key)
  }

  /**
   * Steps 1 to 4 of factor-backup §3.3: decrypt, type, claims, time.
   *
   * @throws challenge.invalid, challenge.wrong_type
   */
  async open(token: string, type: ChallengeType): Promise<OpenedChallenge> {
    const text = await this.#decrypt(token)
    const plain = JSON.parse(text)
    const kind = typed.safeParse(plain)
    if (!kind.success) throw new Problem('challenge.invalid')
    if (kind.data.type !== type) throw new Problem('challenge.wrong_type')
    const read = claims.safeParse(plain)
    const now = this.#clock.now() / 1000
    if (!read.success || now < read.data.nbf || now > read.data.exp) throw new Problem('challenge.invalid')
    return {
      payload: Buffer.from(read.data.payload, 'base64'),
      context: read.data.context as ChallengeContext,
      hash: createHash('sha256').update(text).digest('hex'),
      expiresAt: read.data.exp * 1000,
    }
  }

  async #decrypt(token: string): Promise<string> {
    if (token.length > longest) throw new Problem('challenge.invalid')
    try {
      const { plaintext } = await compactDecrypt(
        token,
        ({ kid }) => {
          const found = this.#keys.find(kid ?? '')
          if (!found) throw new Error('unknown key')
          return found.key
        },
        { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
      )
      return Buffer.from(plaintext).toString('utf8')
    } catch (cause) {
      throw new Problem('challenge.invalid', { cause })
    }
  }
}

/** Step 5 of factor-backup §3.3. @throws challenge.wrong_context */
export function requireContext(opened: OpenedChallenge, expected: ChallengeContext): void {
  const names = new Set([...Object.keys(opened.context), ...Object.keys(expected)])
  for (const name of names) if (opened.context[name] !== expected[name]) throw new Problem('challenge.wrong_context')
}
