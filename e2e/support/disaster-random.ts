import { createCipheriv, createHash, randomBytes } from 'node:crypto'

/** Randomness that can be had again: everything follows from the seed. */
export type Random = {
  seed: string
  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number
  pick<T>(choices: readonly T[]): T
  bytes(length: number): Buffer
}

/** @param seed  of an earlier run, to see it again; a fresh one otherwise */
export function seededRandom(seed = process.env.DISASTER_SEED ?? randomBytes(4).toString('hex')): Random {
  const stream = createCipheriv(
    'aes-128-ctr',
    createHash('sha256').update(seed).digest().subarray(0, 16),
    Buffer.alloc(16),
  )
  const bytes = (length: number) => stream.update(Buffer.alloc(length))
  const integer = (least: number, most: number) => least + (bytes(4).readUInt32LE() % (most - least + 1))
  return {
    seed,
    integer,
    pick: (choices) => choices[integer(0, choices.length - 1)] as (typeof choices)[number],
    bytes,
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
