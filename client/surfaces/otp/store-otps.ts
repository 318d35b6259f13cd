import { isRefused } from './errors.ts'
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
  const bulk = otps.flatMap((otp) => {
    const uri = uriFor(otp)
    return uri === null ? [] : [{ otp, uri }]
  })
  const oneByOne = otps.filter((otp) => uriFor(otp) === null)
  for (const batch of batches(bulk)) {
    try {
      const uris = batch.map(({ uri }) => uri)
      stored += (await client.importOtps(deviceId, pin, uris)).length
      onProgress(stored)
    } catch (error) {
      // None of them was stored, because of one of them.
      if (!isRefused(error, 'invalid-parameters')) throw error
      oneByOne.push(...batch.map(({ otp }) => otp))
    }
  }
  for (const otp of oneByOne) {
    await client.addOtp(deviceId, pin, otp)
    stored += 1
    onProgress(stored)
  }
}

/**
 * A URI of which the server keeps exactly this label and secret, as `toStored` says; null where it might not. Programs
 * differ in where they part a label with several colons, so issuer and name are escaped apart.
 */
function uriFor(stored: StoredOtp): string | null {
  const { account, secret } = stored
  const otp = readStored(stored)
  const [issuer = '', ...rest] = account.split(':')
  const name = rest.join(':')
  const isParted = account.isWellFormed() && issuer !== '' && (name !== '' || rest.length === 0)
  if (otp === null || !isParted) return null
  const usual = toStored(otp)
  if (usual.secret !== secret) return null
  const label = (name === '' ? [issuer] : [issuer, name]).map(encodeURIComponent).join(':')
  if (!isOtpauthUri(secret)) return `otpauth://totp/${label}?secret=${secret}`
  return usual.account === account && !otp.issuer.includes(':') && (otp.issuer === '' || otp.name !== '')
    ? secret
    : null
}

function batches<T extends { uri: string }>(all: T[]): T[][] {
  const made: T[][] = []
  let length = 0
  for (const one of all) {
    const last = made.at(-1)
    length += one.uri.length
    if (last && length <= batchLength && last.length < batchCount) {
      last.push(one)
      continue
    }
    made.push([one])
    length = one.uri.length
  }
  return made
}
