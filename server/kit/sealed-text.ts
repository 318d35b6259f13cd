import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

const cipher = 'aes-256-gcm'

/**
 * Text that must not lie in the clear in the database, its free pages and its snapshots: waiting mails hold live reset
 * links. AES-256-GCM under a key derived from the server's own.
 */
export class SealedText {
  readonly #key: Buffer
  readonly #random: (bytes: number) => Buffer

  /** @param purpose  separates the keys of different uses */
  constructor(serverKey: Buffer, purpose: string, random: (bytes: number) => Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', serverKey, '', `hearthkeep ${purpose}`, 32))
    this.#random = random
  }

  /** @param context  where it is kept; opening elsewhere fails */
  seal(text: string, context: string): string {
    const nonce = this.#random(12)
    const sealing = createCipheriv(cipher, this.#key, nonce).setAAD(Buffer.from(context))
    const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
    return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64')
  }

  /** @returns null for what this key did not seal for this place */
  open(sealed: string, context: string): string | null {
    const bytes = Buffer.from(sealed, 'base64')
    if (bytes.length < 28) return null
    try {
      const opening = createDecipheriv(cipher, this.#key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([opening.update(bytes.subarray(28)), opening.final()]).toString('utf8')
    } catch {
      return null
    }
  }
}
