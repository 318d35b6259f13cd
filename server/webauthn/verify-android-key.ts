import { type KeyObject, verify, X509Certificate } from 'node:crypto'
import { algorithms } from './cose-key.ts'
import { readDer } from './der.ts'

export type AndroidKeyStatement = {
  statement: ReadonlyMap<string, unknown>
  authenticatorData: Buffer
  /** SHA-256. */
  clientDataHash: Buffer
  /** The credential's. */
  key: KeyObject
}

/** 1.3.6.1.4.1.11129.2.1.17, the extension that describes the key. */
const keyDescription = '2b06010401d679020111'
/** Places in KeyDescription. */
const at = { attestationChallenge: 4, softwareEnforced: 6, teeEnforced: 7 }
const allApplications = 600

/**
 * Whether an attestation statement of Android's key store agrees with itself (WebAuthn §8.4). Ours, because the
 * library takes the statement's own certificates for trust anchors here and then fetches the revocation lists they
 * name: anybody could have this server call any address. Nobody's authority counts (factor-backup §3.4), so neither
 * the chain nor its validity is looked at.
 *
 * @throws for a statement that cannot be read
 */
export function verifyAndroidKey({ statement, authenticatorData, clientDataHash, key }: AndroidKeyStatement): boolean {
  const [alg, sig, x5c] = [statement.get('alg'), statement.get('sig'), statement.get('x5c')]
  const leafBytes: unknown = Array.isArray(x5c) ? x5c[0] : null
  if (!(sig instanceof Uint8Array && leafBytes instanceof Uint8Array)) return false
  if (alg !== algorithms.ES256 && alg !== algorithms.RS256) return false

  const leaf = new X509Certificate(leafBytes)
  if (!leaf.publicKey.equals(key)) return false
  if (!verify('sha256', Buffer.concat([authenticatorData, clientDataHash]), leaf.publicKey, sig)) return false
  const described = readKeyDescription(leaf.raw)
  if (!described[at.attestationChallenge]?.content.equals(clientDataHash)) return false
  // The key must be the relying party's alone.
  return ![at.softwareEnforced, at.teeEnforced].some((place) =>
    readDer(described[place]?.content ?? Buffer.alloc(0)).some((entry) => entry.number === allApplications),
  )
}

/** Members of KeyDescription in a certificate's extensions (RFC 5280 §4.1). */
function readKeyDescription(certificate: Buffer) {
  const tbs = inside(inside(certificate))
  const extensions = readDer(tbs).find((part) => part.class === 2 && part.number === 3)
  for (const extension of readDer(inside(extensions?.content))) {
    const parts = readDer(extension.content)
    if (parts[0]?.content.toString('hex') === keyDescription) return readDer(inside(parts.at(-1)?.content))
  }
  return []
}

/** What the first element holds. */
function inside(bytes: Buffer = Buffer.alloc(0)): Buffer {
  return readDer(bytes)[0]?.content ?? Buffer.alloc(0)
}
