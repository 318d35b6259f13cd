import { z } from 'zod'
import { isUuid } from '#server/kit/ids.ts'

/** Shapes of cloud-backup §2. Messages in `error:` are the contract's texts and are answered as they are. */

/** Of a JSON body, bytes (cloud-backup §1). */
export const jsonLimit = 2 * 1024 * 1024

const says = (message: string) => ({ error: () => message })

/** Checks that run in order and stop at the first that fails, so that the contract's order of errors holds. */
const inOrder = (checks: Array<[fails: (value: string) => boolean, message: string]>) =>
  z.string().superRefine((value, issues) => {
    const failed = checks.find(([fails]) => fails(value))
    if (failed) issues.addIssue({ code: 'custom', message: failed[1] })
  })

const newUsername = inOrder([
  [(name) => name.length === 0, 'Username cannot be empty'],
  [
    (name) => !/^[A-Za-z0-9_]{3,50}$/.test(name),
    'Username must be between 3 and 50 characters and can only contain letters, numbers, and underscores',
  ],
])

const newPassword = inOrder([
  [(password) => Buffer.byteLength(password) < 12, 'Password must be at least 12 characters long'],
])

export const SignUp = z.object({ username: newUsername, password: newPassword })

export const SignIn = z.object({
  username: z.string(),
  password: z.string(),
  deviceId: z.string().refine(isUuid, says('Invalid device_id')).nullish(),
})

export const RefreshToken = z.object({ refreshToken: z.string() })

const keyBytes = 33
const djbPrefix = 0x05

/** Standard base64 of 0x05 ‖ X25519 public key. */
const publicKey = inOrder([
  [(text) => !isBase64(text), 'Invalid base64 in public key'],
  [(text) => Buffer.from(text, 'base64').length !== keyBytes, `Public key must be ${keyBytes} bytes`],
  [(text) => Buffer.from(text, 'base64')[0] !== djbPrefix, 'Public key must start with 0x05'],
])

const signature = inOrder([
  [(text) => !isBase64(text), 'Invalid base64 in signature'],
  [(text) => Buffer.from(text, 'base64').length !== 64, 'Signature must be 64 bytes'],
])

const id32 = z.number().int().min(0).max(0x7fff_ffff)
const largestBatch = 100

const SignedPreKey = z.object({ keyId: id32, publicKey, signature })

const OneTimePreKeys = z.array(z.object({ keyId: id32, publicKey })).superRefine((keys, issues) => {
  if (keys.length > largestBatch)
    issues.addIssue({ code: 'custom', message: `Batch too large. Limit is ${largestBatch}` })
  const seen = new Set<number>()
  const twice = keys.find(({ keyId }) => seen.size === seen.add(keyId).size)
  if (twice) issues.addIssue({ code: 'custom', message: `Duplicate prekey ID: ${twice.keyId}` })
})

const deviceName = z
  .string()
  .refine((name) => [...name].length <= 100, says('Device name is longer than 100 characters'))

export const NewDevice = z.object({
  name: deviceName.nullish(),
  identityKey: publicKey,
  registrationId: id32,
  signedPreKey: SignedPreKey,
  oneTimePreKeys: OneTimePreKeys,
})

export const NewKeys = z
  .object({
    identityKey: publicKey.nullish(),
    registrationId: id32.nullish(),
    signedPreKey: SignedPreKey,
    oneTimePreKeys: OneTimePreKeys,
  })
  .refine((keys) => !keys.identityKey || typeof keys.registrationId === 'number', {
    error: 'registrationId is required when identityKey is provided',
  })

export const DeviceName = z.object({ name: deviceName })

export const DeviceParams = z.object({ id: z.string().refine(isUuid, says('Invalid device_id')) })

export const AuthResponse = z.object({
  token: z.string(),
  refreshToken: z.string(),
  expiresAt: z.number().int(),
  deviceId: z.uuid().optional(),
})

export const DeviceResponse = z.object({
  deviceId: z.uuid(),
  name: z.string().nullable(),
  createdAt: z.iso.datetime(),
})

export const DeviceList = z.object({ devices: z.array(DeviceResponse) })

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
}
