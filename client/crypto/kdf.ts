import { argon2id } from 'hash-wasm'
import { passwordBytes } from './password-policy.ts'

/** Argon2id version 1.3 (RFC 9106). */
export type KdfParameters = {
  memoryKiB: number
  /** Passes over the memory. */
  iterations: number
  parallelism: number
}

/** Never below this for a real backup: three times the work of OWASP's floor of 19 MiB and two passes. */
export const kdfFloor: KdfParameters = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 }

/**
 * The most a sealed backup may ask of a device. Part of the format: writers stay below, readers refuse more, so that a
 * server that hands out a forged header cannot make a device allocate gigabytes or work for hours.
 */
export const kdfCeiling: KdfParameters = { memoryKiB: 256 * 1024, iterations: 20, parallelism: 4 }

/** Inside the ceiling, and what Argon2 itself can do (RFC 9106 §3.1). */
export function isWithinKdfLimits({ memoryKiB, iterations, parallelism }: KdfParameters): boolean {
  return (
    [memoryKiB, iterations, parallelism].every(Number.isInteger) &&
    parallelism >= 1 &&
    parallelism <= kdfCeiling.parallelism &&
    iterations >= 1 &&
    iterations <= kdfCeiling.iterations &&
    memoryKiB >= 8 * parallelism &&
    memoryKiB <= kdfCeiling.memoryKiB
  )
}

/** Derives a 256-bit key; the default runs on the calling thread and blocks it for as long as the parameters ask. */
export type DeriveKey = (
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  parameters: KdfParameters,
) => Promise<Uint8Array<ArrayBuffer>>

export const deriveKey: DeriveKey = async (password, salt, { memoryKiB, iterations, parallelism }) => {
  const bytes = passwordBytes(password)
  try {
    const key = await argon2id({
      password: bytes,
      salt,
      memorySize: memoryKiB,
      iterations,
      parallelism,
      hashLength: 32,
      outputType: 'binary',
    })
    return new Uint8Array(key)
  } finally {
    bytes.fill(0)
  }
}
