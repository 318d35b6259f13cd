import { type DeriveKey, deriveKey, type KdfParameters, kdfCeiling, kdfFloor } from './kdf.ts'

/** The middle of "~500ms - 1s" (seeds/003 §2.1). */
const targetMs = 750

export type TuneOptions = { derive?: DeriveKey; now?: () => number }

/**
 * Parameters whose derivation takes 0.5 to 1 s on this device, found by timing one pass over 64 MiB.
 *
 * A slow device keeps the floor and takes longer; a fast one gets more passes, then more memory. The ceiling keeps a
 * backup sealed on a workstation openable on a phone.
 */
export async function tuneKdf(options: TuneOptions = {}): Promise<KdfParameters> {
  const derive = options.derive ?? deriveKey
  const now = options.now ?? (() => performance.now())
  const salt = new Uint8Array(16)
  // The first call also compiles the WebAssembly, which is not what is being measured.
  await derive('warm-up', salt, { memoryKiB: 64, iterations: 1, parallelism: 1 })
  const start = now()
  await derive('measured', salt, { ...kdfFloor, iterations: 1 })
  return parametersFor(now() - start)
}

/** @param passMs  milliseconds of one pass over the floor's 64 MiB */
export function parametersFor(passMs: number): KdfParameters {
  let memoryKiB = kdfFloor.memoryKiB
  let cost = Math.max(passMs, 0.1)
  const passes = () => Math.round(targetMs / cost)
  while (passes() > kdfCeiling.iterations && memoryKiB < kdfCeiling.memoryKiB) {
    memoryKiB *= 2
    cost *= 2
  }
  const iterations = Math.min(Math.max(passes(), kdfFloor.iterations), kdfCeiling.iterations)
  return { memoryKiB, iterations, parallelism: kdfFloor.parallelism }
}
