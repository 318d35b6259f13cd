import { type OpenOptions, open, type SealOptions, seal } from '#client/crypto/seal.ts'

/** What a persona is uploaded as; the server keeps and returns it, and tells nothing from it. */
export const mediaTypes = { zip: 'application/zip', sealed: 'application/vnd.hearthkeep.sealed' } as const

/** "HKSB", as every sealed backup starts (client/surfaces/cloud-backup/README.md). */
const magic = [0x48, 0x4b, 0x53, 0x42]

/** What `PersonasClient.put` takes. */
export type PersonaUpload = { bytes: Uint8Array<ArrayBuffer>; contentType: string }

/**
 * Encrypt a persona's zip whole, names and sizes of its files included, so that the server never sees private keys.
 *
 * @param password  at least 13 code points; not the account's, which the server sees at every call
 * @throws WeakPassword, CryptoUnavailable
 */
export async function sealPersona(zip: Uint8Array, password: string, options?: SealOptions): Promise<PersonaUpload> {
  return { bytes: await seal(zip, password, options), contentType: mediaTypes.sealed }
}

/** By its first bytes: a media type can be lost on the way, or be wrong. */
export function isSealed(bytes: Uint8Array): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

/**
 * The zip inside a sealed persona.
 *
 * @throws WrongPasswordOrDamaged, MalformedSealedBackup, CryptoUnavailable
 */
export function openPersona(sealed: Uint8Array, password: string, options?: OpenOptions) {
  return open(sealed, password, options)
}
