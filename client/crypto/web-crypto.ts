import { CryptoUnavailable } from './errors.ts'

/** @throws CryptoUnavailable in a page that was not loaded over HTTPS or from localhost */
export function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) throw new CryptoUnavailable()
  return subtle
}
