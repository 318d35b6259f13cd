import type { OtpClient } from './otp-client.ts'
import { isOtpauthUri } from './otpauth-uri.ts'
import { readStored, type StoredOtp, toStored } from './stored-otp.ts'

/** Characters of URIs in one request; the server takes 100 KiB. */
const batchLength = 48 * 1024
const batchCount = 500

/**
 * Store many, as they are. Most go in bulk, for which the PIN is stretched once; texts that an otpauth URI cannot carry
 * unchanged go one by one. When a call fails, those before it are stored.
 *
 * @param onProgress  how many are stored by now
 * @throws what `importOtps` and `addOtp` throw
 */
export async function storeOtps(
  client: OtpClient,
  { deviceId, pin }: { deviceId: number; pin: string },
  otps: StoredOtp[],
  onProgress: (stored: number) => void = () => {},
): Promise<void> {
  let stored = 0
  const uris = otps.map(uriFor)
  for (const batch of batches(uris.filter((uri) => uri !== null))) {
    stored += (await client.importOtps(deviceId, pin, batch)).length
    onProgress(stored)
  }
  for (const otp of otps.filter((_, index) => uris[index] === null)) {
    await client.addOtp(deviceId, pin, otp)
    stored += 1
    onProgress(stored)
  }
}

/** A URI of which the server keeps exactly this label and secret, as `toStored` says; null where it might not. */
function uriFor(stored: StoredOtp): string | null {
  const { account, secret } = stored
  const otp = readStored(stored)
  if (otp === null) return null
  const usual = toStored(otp)
  // At most one colon, between two names: programs differ in where they part other labels.
  const isPlain = /^[^:\s]([^:]*[^:\s])?(:[^:\s]([^:]*[^:\s])?)?$/.test(account)
  if (!isPlain || usual.account !== account || usual.secret !== secret) return null
  if (isOtpauthUri(secret)) return otp.issuer === '' || otp.name !== '' ? secret : null
  return `otpauth://totp/${encodeURIComponent(account)}?secret=${secret}`
}

function batches(uris: string[]): string[][] {
  const made: string[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const uri of uris) {
    const last = made.at(-1)
    length += uri.length
    if (last && length <= batchLength && last.length < batchCount) {
      last.push(uri)
      continue
    }
    made.push([uri])
    length = uri.length
  }
  return made
}
