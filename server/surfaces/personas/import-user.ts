import { z } from 'zod'
import { importPbkdf2 } from '#server/people/imported-hash.ts'
import { unusablePassword } from '#server/people/passwords.ts'

/** As `credential` 2.0 writes it: hash and salt in base64 (personas §6). */
const Pbkdf2 = z.object({
  hash: z.string(),
  salt: z.string(),
  hashMethod: z.literal('pbkdf2').optional(),
  iterations: z.number().int(),
})

const record = z.record(z.string(), z.unknown())

/**
 * The password hash in a `user.json`, in the form the code writes (`password_hash`) or the README describes
 * (`password: { type, hash }`).
 *
 * @returns what `Passwords.verify` takes; `unusablePassword` for a hash of a kind that cannot be verified here
 * @throws Error when the file is no user at all
 */
export function readImportedPassword(json: string): string {
  const user = record.parse(JSON.parse(json))
  const written = user.password_hash ?? record.safeParse(user.password).data?.hash
  return hashIn(written) ?? unusablePassword
}

function hashIn(written: unknown): string | null {
  const { success, data } = Pbkdf2.safeParse(typeof written === 'string' ? parseJson(written) : written)
  return success ? importPbkdf2(data.iterations, data.salt, data.hash) : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
