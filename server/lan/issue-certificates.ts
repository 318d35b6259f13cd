// The library injects its dependencies by decorators and wants this first.
import 'reflect-metadata'

import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as LibraryCertificate,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { encodeNameConstraints, nameConstraintsOid } from './name-constraints.ts'

/** A certificate and its private key, both PEM. */
export type Pair = { certificate: string; key: string }

/** What a certificate speaks for. */
export type Names = { hosts: string[]; addresses: string[] }

type Making = {
  /** Milliseconds since the epoch. */
  now: number
  random(bytes: number): Buffer
}

const day = 24 * 60 * 60 * 1000
/** Clocks of phones and servers differ. */
const backdate = day
const caDays = 3650
/** Browsers and Apple's systems refuse more than 398. */
const leafDays = 397

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signature = { name: 'ECDSA', hash: 'SHA-256' } as const

cryptoProvider.set(crypto)

/**
 * A CA of this server's own: EC P-256, good for ten years, able to sign for `hosts`, names below them and private
 * addresses only, and unable to make further CAs.
 */
export async function issueCa(hosts: string[], making: Making): Promise<Pair> {
  const keys = await newKeys()
  // Two CAs of one name would be hard to tell apart in a phone's settings.
  const label = making.random(2).toString('hex')
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(making),
    name: [{ O: ['Hearthkeep'] }, { CN: [`Hearthkeep ${(hosts[0] ?? '').slice(0, 45)} ${label}`] }],
    ...validity(making.now, caDays * day),
    signingAlgorithm: signature,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(nameConstraintsOid, true, new Uint8Array(encodeNameConstraints(hosts))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: pemOf(certificate), key: await keyPem(keys) }
}

/** A server certificate of at most 397 days, signed by the CA and never good for longer than it. */
export async function issueLeaf(ca: Pair, names: Names, making: Making): Promise<Pair> {
  const issuer = new LibraryCertificate(ca.certificate)
  const issuerKey = createPrivateKey(ca.key).export({ format: 'der', type: 'pkcs8' })
  const signingKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(issuerKey), curve, false, ['sign'])
  const keys = await newKeys()
  const { notBefore, notAfter } = validity(making.now, leafDays * day)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(making),
    subject: [{ O: ['Hearthkeep'] }, { CN: ['Hearthkeep server'] }],
    issuer: issuer.subjectName,
    notBefore,
    notAfter: new Date(Math.min(notAfter.getTime(), issuer.notAfter.getTime())),
    signingKey,
    signingAlgorithm: signature,
    publicKey: keys.publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...names.hosts.map((value) => ({ type: 'dns' as const, value })),
        ...names.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { certificate: pemOf(certificate), key: await keyPem(keys) }
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(curve, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
}

async function keyPem({ privateKey }: CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey))
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString()
}

function pemOf(certificate: LibraryCertificate): string {
  return new X509Certificate(new Uint8Array(certificate.rawData)).toString()
}

function validity(now: number, milliseconds: number): { notBefore: Date; notAfter: Date } {
  const notBefore = now - backdate
  return { notBefore: new Date(notBefore), notAfter: new Date(notBefore + milliseconds) }
}

/** Positive, never of zero bytes, 16 bytes (RFC 5280 §4.1.2.2 allows 20). */
function serialNumber({ random }: Making): string {
  const bytes = random(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}
