import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import type { Pair } from './issue-certificates.ts'

/** With words for people. */
export class CertificateUnusable extends Error {
  override readonly name = 'CertificateUnusable'
}

/** One file a pair, so that a crash never leaves a certificate beside another one's key. */
export type PairFile = 'ca.pem' | 'server.pem'

/** `<data>/tls` */
export function tlsFolder(dataFolder: string): string {
  return join(dataFolder, 'tls')
}

/**
 * @returns null where there is no such file yet
 * @throws CertificateUnusable when the file does not hold a certificate and the key that belongs to it
 */
export async function readPair(dataFolder: string, file: PairFile): Promise<Pair | null> {
  const path = join(tlsFolder(dataFolder), file)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const pair = { certificate: block(text, 'CERTIFICATE'), key: block(text, 'PRIVATE KEY') }
  try {
    checkPair(pair)
  } catch (cause) {
    throw new CertificateUnusable(`${path} is damaged; restore it from a backup`, { cause })
  }
  return pair
}

export async function writePair(dataFolder: string, file: string, pair: Pair): Promise<void> {
  await mkdir(tlsFolder(dataFolder), { recursive: true, mode: 0o700 })
  await writeFileAtomically(join(tlsFolder(dataFolder), file), `${pair.certificate}${pair.key}`, 0o600)
}

/** Keep a copy of a pair that is about to be replaced, under a name that says which it was. */
export async function setAside(dataFolder: string, file: PairFile, pair: Pair): Promise<void> {
  const fingerprint = new X509Certificate(pair.certificate).fingerprint256
    .replaceAll(':', '')
    .slice(0, 12)
    .toLowerCase()
  await writePair(dataFolder, `${file.replace('.pem', '')}-${fingerprint}.pem`, pair)
}

/** @throws with OpenSSL's words when this is no certificate, no key, or not its key */
export function checkPair({ certificate, key }: Pair): void {
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
    throw new Error('the key is another one’s')
  // The rest of the chain too.
  createSecureContext({ cert: certificate, key })
}

function block(text: string, label: string): string {
  const found = new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`).exec(text)
  return found ? `${found[0]}\n` : ''
}
