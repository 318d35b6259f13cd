import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { cborBytes, cborInt, cborMap, cborText } from './cbor.ts'

/** How binary members are spelled (factor-backup §1, b64any). */
export type Spelling = 'base64url' | 'base64url-padded' | 'base64' | 'base64-bare' | 'integers'

export type Passkey = {
  credentialId: Buffer
  /** 16 bytes that the server gave at registration. */
  userHandle: Buffer
  privateKey: KeyObject
  publicKey: KeyObject
  algorithm: 'ES256' | 'RS256'
  counter: number
}

/** What an attestation statement is about (WebAuthn §6.5). */
export type Attested = { passkey: Passkey; rpIdHash: Buffer; authData: Buffer; clientDataHash: Buffer }

type Flags = { up: boolean; uv: boolean; be: boolean; bs: boolean }

/** What a test may want otherwise than an honest client and authenticator have it. */
export type Oddities = {
  type?: string
  challenge?: string
  origin?: string
  crossOrigin?: boolean
  rpId?: string
  flags?: Partial<Flags>
  counter?: number
  spelling?: Spelling
  /** Put into `clientExtensionResults`. */
  extensionResults?: Record<string, unknown>
  /** Bytes of the client data as they are. */
  clientDataJSON?: Buffer
  /** More members of the client data. */
  clientData?: Record<string, unknown>
  /** Extension outputs in the authenticator data, CBOR. */
  extensionData?: Buffer
}

export type RegistrationOddities = Oddities & {
  algorithm?: 'ES256' | 'RS256'
  format?: 'none' | 'packed' | 'packed-broken' | 'android-safetynet' | 'made-up'
  /** An attestation statement of another making, instead of one by `format`. */
  attest?: (made: Attested) => { format: string; statement: Buffer }
  /** The COSE key, as it is. */
  coseKey?: Buffer
  /** COSE algorithm number written into the key, whatever the key is. */
  coseAlgorithm?: number
  attestationObject?: Buffer
  transports?: string[]
  credentialId?: Buffer
}

export type AssertionOddities = Oddities & {
  userHandle?: Buffer | null
  signature?: Buffer
  credentialId?: Buffer
  /** Leave the counter of the passkey where it is. */
  keepCounter?: boolean
}

type CreationOptions = { publicKey: { rp: { id: string }; user: { id: string }; challenge: string } }
type RequestOptions = { publicKey: { rpId: string; challenge: string } }
/** A credential as `PublicKeyCredential.toJSON()` gives it; tests take it apart as they like. */
export type CredentialJson = Record<string, unknown> & { id: string; response: Record<string, unknown> }

const present: Flags = { up: true, uv: true, be: true, bs: true }

/** Make a passkey as an authenticator would, with a key of its own (WebAuthn §6.3.2). */
export function createPasskey(
  options: CreationOptions,
  { origin: page, ...odd }: RegistrationOddities & { origin: string },
): { passkey: Passkey; credential: CredentialJson } {
  const { rp, user, challenge } = options.publicKey
  const algorithm = odd.algorithm ?? 'ES256'
  const keys =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const passkey: Passkey = {
    ...keys,
    algorithm,
    credentialId: odd.credentialId ?? randomBytes(20),
    userHandle: Buffer.from(user.id, 'base64url'),
    counter: 0,
  }
  const clientDataJSON = clientDataOf('webauthn.create', challenge, page, odd)
  const attested = Buffer.concat([
    Buffer.alloc(16),
    uint16(passkey.credentialId.length),
    passkey.credentialId,
    odd.coseKey ?? coseKeyOf(passkey, odd.coseAlgorithm),
  ])
  const authData = authenticatorData(odd.rpId ?? rp.id, { ...present, ...odd.flags }, odd.counter ?? 0, odd, attested)
  const clientDataHash = sha256(clientDataJSON)
  const made = { passkey, rpIdHash: authData.subarray(0, 32), authData, clientDataHash }
  const { format, statement } = (odd.attest ?? byFormat(odd.format ?? 'none'))(made)
  const attestationObject = odd.attestationObject ?? attestation(format, statement, authData)
  const spell = spelled(odd.spelling)
  return {
    passkey,
    credential: {
      id: passkey.credentialId.toString('base64url'),
      rawId: spell(passkey.credentialId),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: odd.extensionResults ?? {},
      response: {
        attestationObject: spell(attestationObject),
        clientDataJSON: spell(clientDataJSON),
        transports: odd.transports ?? ['internal'],
      },
    },
  }
}

/** Use a passkey (WebAuthn §6.3.3); its counter goes on by one. */
export function getAssertion(
  options: RequestOptions,
  passkey: Passkey,
  { origin: page, ...odd }: AssertionOddities & { origin: string },
): CredentialJson {
  const { rpId, challenge } = options.publicKey
  if (!odd.keepCounter) passkey.counter += 1
  const clientDataJSON = clientDataOf('webauthn.get', challenge, page, odd)
  const authData = authenticatorData(
    odd.rpId ?? rpId,
    { ...present, ...odd.flags },
    odd.counter ?? passkey.counter,
    odd,
  )
  const credentialId = odd.credentialId ?? passkey.credentialId
  const signature = odd.signature ?? sign(passkey, Buffer.concat([authData, sha256(clientDataJSON)]))
  const userHandle = odd.userHandle === undefined ? passkey.userHandle : odd.userHandle
  const spell = spelled(odd.spelling)
  return {
    id: credentialId.toString('base64url'),
    rawId: spell(credentialId),
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: odd.extensionResults ?? {},
    response: {
      authenticatorData: spell(authData),
      clientDataJSON: spell(clientDataJSON),
      signature: spell(signature),
      userHandle: userHandle && spell(userHandle),
    },
  }
}

/**
 * A Turnkey stamp over an activity (factor-backup §5.6): the challenge is the base64url of the 64 characters of the
 * activity's SHA-256 in hex.
 */
export function stampActivity(
  activity: string,
  passkey: Passkey,
  { rpId, ...odd }: AssertionOddities & { origin: string; rpId: string },
): CredentialJson {
  const challenge = Buffer.from(sha256(Buffer.from(activity)).toString('hex')).toString('base64url')
  return getAssertion({ publicKey: { rpId, challenge } }, passkey, odd)
}

function clientDataOf(type: string, challenge: string, origin: string, odd: Oddities): Buffer {
  if (odd.clientDataJSON) return odd.clientDataJSON
  const data = {
    type: odd.type ?? type,
    challenge: odd.challenge ?? challenge,
    origin: odd.origin ?? origin,
    crossOrigin: odd.crossOrigin ?? false,
    ...odd.clientData,
  }
  return Buffer.from(JSON.stringify(data))
}

/** WebAuthn §6.1. */
function authenticatorData(
  rpId: string,
  flags: Flags,
  counter: number,
  { extensionData }: Oddities,
  attested?: Buffer,
): Buffer {
  const bits =
    (flags.up ? 0x01 : 0) |
    (flags.uv ? 0x04 : 0) |
    (flags.be ? 0x08 : 0) |
    (flags.bs ? 0x10 : 0) |
    (attested ? 0x40 : 0) |
    (extensionData ? 0x80 : 0)
  const rest = [attested, extensionData].filter((part) => part !== undefined)
  return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([bits]), uint32(counter), ...rest])
}

/** WebAuthn §6.5.4. */
function attestation(format: string, statement: Buffer, authData: Buffer): Buffer {
  return cborMap([
    [cborText('fmt'), cborText(format)],
    [cborText('attStmt'), statement],
    [cborText('authData'), cborBytes(authData)],
  ])
}

/** No statement, or one signed by the credential's own key (WebAuthn §8.2). */
function byFormat(format: string): (made: Attested) => { format: string; statement: Buffer } {
  return ({ passkey, authData, clientDataHash }) => {
    if (!format.startsWith('packed')) return { format, statement: cborMap([]) }
    const broken = format === 'packed-broken' ? Buffer.from('x') : Buffer.alloc(0)
    const signature = sign(passkey, Buffer.concat([authData, clientDataHash, broken]))
    const statement = cborMap([
      [cborText('alg'), cborInt(passkey.algorithm === 'ES256' ? -7 : -257)],
      [cborText('sig'), cborBytes(signature)],
    ])
    return { format: 'packed', statement }
  }
}

/** RFC 9053 §7.1 and RFC 8230 §4. */
export function coseKeyOf({ publicKey, algorithm }: Passkey, number?: number): Buffer {
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (name: 'x' | 'y' | 'n' | 'e') => cborBytes(Buffer.from(jwk[name] ?? '', 'base64url'))
  if (algorithm === 'ES256')
    return cborMap([
      [cborInt(1), cborInt(2)],
      [cborInt(3), cborInt(number ?? -7)],
      [cborInt(-1), cborInt(1)],
      [cborInt(-2), bytes('x')],
      [cborInt(-3), bytes('y')],
    ])
  return cborMap([
    [cborInt(1), cborInt(3)],
    [cborInt(3), cborInt(number ?? -257)],
    [cborInt(-1), bytes('n')],
    [cborInt(-2), bytes('e')],
  ])
}

export function sign({ privateKey }: Pick<Passkey, 'privateKey'>, bytes: Buffer): Buffer {
  return createSign('sha256').update(bytes).sign(privateKey)
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function spelled(spelling: Spelling = 'base64url'): (bytes: Buffer) => string | number[] {
  return (bytes) => {
    const url = bytes.toString('base64url')
    switch (spelling) {
      case 'base64url':
        return url
      case 'base64url-padded':
        return url + '='.repeat((4 - (url.length % 4)) % 4)
      case 'base64':
        return bytes.toString('base64')
      case 'base64-bare':
        return bytes.toString('base64').replace(/=+$/, '')
      case 'integers':
        return [...bytes]
    }
  }
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
