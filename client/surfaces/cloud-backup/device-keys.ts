import { signXEdDsa, x25519KeyPair } from '#client/crypto/xeddsa.ts'
import { toBase64 } from '#client/encoding/base64.ts'

export type PreKey = { keyId: number; publicKey: string }

/** Body of `POST /v1/devices` (cloud-backup §2). Keys are base64 of 33 bytes: 0x05 ‖ X25519. Apps have their own. */
export type DeviceRegistration = {
  name?: string
  identityKey: string
  registrationId: number
  /** `signature`: base64 of 64 bytes, XEdDSA by the identity key over the 33 bytes of `publicKey`. */
  signedPreKey: PreKey & { signature: string }
  oneTimePreKeys: PreKey[]
}

export type DeviceKeys = {
  registration: DeviceRegistration
  /** X25519 private keys, 32 bytes each; they stay on the device. */
  privateKeys: { identity: Uint8Array<ArrayBuffer>; signedPreKey: Uint8Array<ArrayBuffer> }
}

const djbType = 5
/** Signal's registration ids have 14 bits and are not zero. */
const largestRegistrationId = 16_380

/** Fresh key material for a device whose app has none of its own. */
export async function createDeviceKeys(name?: string): Promise<DeviceKeys> {
  const identity = x25519KeyPair(randomBytes(32))
  const signedPreKey = x25519KeyPair(randomBytes(32))
  const publicKey = typed(signedPreKey.publicKey)
  const signature = await signXEdDsa(identity.privateKey, publicKey, randomBytes(64))
  const [random = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1))
  return {
    registration: {
      name,
      identityKey: toBase64(typed(identity.publicKey)),
      registrationId: 1 + (random % largestRegistrationId),
      signedPreKey: { keyId: 1, publicKey: toBase64(publicKey), signature: toBase64(signature) },
      oneTimePreKeys: [],
    },
    privateKeys: { identity: identity.privateKey, signedPreKey: signedPreKey.privateKey },
  }
}

function typed(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([djbType, ...publicKey])
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length))
}
