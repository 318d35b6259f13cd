import { gcm } from '@noble/ciphers/aes.js'
import { createSHA256, pbkdf2 } from 'hash-wasm'
import { WrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { fromBase64 } from '#client/encoding/base64.ts'
import { MalformedOtps } from './errors.ts'
import { fromBase32, type Otp, otpFrom, withoutIssuer } from './otp.ts'
import { fieldsOf, labelIn, listIn, numberIn, type OtpFile, readEntries, textIn } from './otp-file.ts'

/** Fixed in 2FAS; the file does not say it. */
const iterations = 10_000

export function isTwoFas(json: Record<string, unknown>): boolean {
  return 'services' in json || 'servicesEncrypted' in json
}

/**
 * A backup file of 2FAS Authenticator, schema versions 1 to 4. Steam entries are skipped.
 *
 * @param password  asked for only when it is encrypted
 * @throws MalformedOtps, WrongPasswordOrDamaged
 */
export async function readTwoFas(json: Record<string, unknown>, password: () => Promise<string>): Promise<OtpFile> {
  const sealed = textIn(json.servicesEncrypted, 'servicesEncrypted')
  const services = sealed ? await openServices(sealed, password) : json.services
  return readEntries(listIn(services, 'services'), whatOf, readService)
}

/** AES-256-GCM under PBKDF2-HMAC-SHA256, as `<ciphertext and tag>:<salt>:<nonce>` in base64. */
async function openServices(sealed: string, ask: () => Promise<string>): Promise<unknown> {
  const [content, salt, nonce] = sealed.split(':').map(fromBase64)
  if (!content || !salt?.length || nonce?.length !== 12) throw new MalformedOtps('servicesEncrypted is damaged')
  const password = await ask()
  if (password === '') throw new WrongPasswordOrDamaged()
  const hashFunction = createSHA256()
  const key = await pbkdf2({ password, salt, iterations, hashLength: 32, hashFunction, outputType: 'binary' })
  try {
    return JSON.parse(new TextDecoder().decode(gcm(key, nonce).decrypt(content)))
  } catch {
    throw new WrongPasswordOrDamaged()
  }
}

function readService(value: unknown): Otp {
  const { name, secret, otp } = fieldsOf(value, 'the service')
  // Schema 1 has entries without any of these.
  const { issuer, account, label, tokenType, algorithm, digits, period, counter } = fieldsOf(otp ?? {}, 'otp')
  const by = textIn(issuer, 'issuer') || textIn(name, 'name') || ''
  return otpFrom({
    type: textIn(tokenType, 'tokenType') ?? 'totp',
    issuer: by,
    name: withoutIssuer(textIn(account, 'account') || textIn(label, 'label') || '', by),
    secret: fromBase32(textIn(secret, 'secret') ?? ''),
    algorithm: textIn(algorithm, 'algorithm'),
    digits: numberIn(digits, 'digits'),
    period: numberIn(period, 'period'),
    counter: numberIn(counter, 'counter'),
  })
}

function whatOf(value: unknown, index: number): string {
  const { name, otp } = (value ?? {}) as { name?: unknown; otp?: { account?: unknown } | null }
  return labelIn(name, otp?.account) || `service ${index + 1}`
}
