/** Attestation statements with certificates, as makers of authenticators write them (WebAuthn §8). */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { cborArray, cborBytes, cborInt, cborMap, cborText } from './cbor.ts'
import { bitString, integer, object, octets, printable, sequence, set, tagged, time, uri } from './der.ts'
import { type Attested, sign } from './software-authenticator.ts'

type Statement = { format: string; statement: Buffer }

type Certificate = {
  subject?: Buffer
  key: KeyObject
  /** Extensions, by dotted number. */
  extensions?: Array<[string, Buffer]>
}

/** A maker of authenticators, with a key of its own; nobody's authority stands behind it. */
const maker = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** §8.2, signed by the maker's certificate. */
export function packedByMaker(made: Attested, subject = makerName('Authenticator Attestation')): Statement {
  return byMaker('packed', Buffer.concat([made.authData, made.clientDataHash]), subject, true)
}

/** §8.6. */
export function fidoU2f({ passkey, rpIdHash, clientDataHash }: Attested): Statement {
  const { x = '', y = '' } = passkey.publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const signed = Buffer.concat([Buffer.of(0), rpIdHash, clientDataHash, passkey.credentialId, point])
  return byMaker('fido-u2f', signed, makerName('U2F'), false)
}

/** §8.8: a certificate for the credential's own key, with the hash of what is signed. @param nonce  another hash */
export function apple({ passkey, authData, clientDataHash }: Attested, nonce?: Buffer): Statement {
  const hash = nonce ?? createHash('sha256').update(authData).update(clientDataHash).digest()
  const extension = sequence(tagged(1, octets(hash)))
  const leaf = certificate({ key: passkey.publicKey, extensions: [['1.2.840.113635.100.8.2', extension]] })
  return { format: 'apple', statement: cborMap([[cborText('x5c'), cborArray([cborBytes(leaf)])]]) }
}

export type AndroidKeyOddities = {
  challenge?: Buffer
  /** For all apps of the phone. */
  forAll?: boolean
  key?: KeyObject
  /** Where certificates say that their revocation list is. */
  revocationList?: string
  signature?: Buffer
}

/** §8.4: a certificate for the credential's own key that describes it, and one above. */
export function androidKey({ passkey, authData, clientDataHash }: Attested, odd: AndroidKeyOddities = {}): Statement {
  const list = odd.forAll ? sequence(tagged(600, Buffer.of(5, 0))) : sequence()
  const description = sequence(
    integer(3),
    Buffer.of(0x0a, 1, 1),
    integer(4),
    Buffer.of(0x0a, 1, 1),
    octets(odd.challenge ?? clientDataHash),
    octets(Buffer.alloc(0)),
    sequence(),
    list,
  )
  const lists: Array<[string, Buffer]> = odd.revocationList
    ? [['2.5.29.31', sequence(sequence(tagged(0, tagged(0, uri(odd.revocationList)))))]]
    : []
  const leaf = certificate({
    key: odd.key ?? passkey.publicKey,
    extensions: [['1.3.6.1.4.1.11129.2.1.17', description], ...lists],
  })
  const above = certificate({ key: maker.publicKey, subject: makerName('Issuer'), extensions: lists })
  const signature = odd.signature ?? sign(passkey, Buffer.concat([authData, clientDataHash]))
  const statement = cborMap([
    [cborText('alg'), cborInt(passkey.algorithm === 'ES256' ? -7 : -257)],
    [cborText('sig'), cborBytes(signature)],
    [cborText('x5c'), cborArray([cborBytes(leaf), cborBytes(above)])],
  ])
  return { format: 'android-key', statement }
}

function byMaker(format: string, signed: Buffer, subject: Buffer, withAlgorithm: boolean): Statement {
  const notAnIssuer: [string, Buffer] = ['2.5.29.19', sequence()]
  const leaf = certificate({ key: maker.publicKey, subject, extensions: [notAnIssuer] })
  const statement = cborMap([
    ...(withAlgorithm ? ([[cborText('alg'), cborInt(-7)]] as Array<[Buffer, Buffer]>) : []),
    [cborText('sig'), cborBytes(sign(maker, signed))],
    [cborText('x5c'), cborArray([cborBytes(leaf)])],
  ])
  return { format, statement }
}

/** X.509 version 3 (RFC 5280 §4.1), signed by the maker. */
function certificate({ key, subject = makerName('Nobody'), extensions = [] }: Certificate): Buffer {
  const ecdsaWithSha256 = sequence(object('1.2.840.10045.4.3.2'))
  const body = sequence(
    tagged(0, integer(2)),
    integer(randomBytes(4).readUInt32BE() >>> 2),
    ecdsaWithSha256,
    makerName('Issuer'),
    sequence(time('200101000000Z'), time('491231235959Z')),
    subject,
    key.export({ format: 'der', type: 'spki' }),
    tagged(3, sequence(...extensions.map(([number, value]) => sequence(object(number), octets(value))))),
  )
  return sequence(body, ecdsaWithSha256, bitString(sign(maker, body)))
}

function makerName(unit: string): Buffer {
  const parts = { '2.5.4.6': 'XX', '2.5.4.10': 'Maker', '2.5.4.11': unit, '2.5.4.3': 'Thing' }
  return sequence(...Object.entries(parts).map(([number, text]) => set(sequence(object(number), printable(text)))))
}
