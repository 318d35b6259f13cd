import { X509Certificate } from 'node:crypto'
import type { Config } from '#server/config/env.ts'
import { readPair } from './certificate-file.ts'
import { fileSource } from './file-source.ts'

/** What a certificate says, for people and programs. */
export type CertificateFacts = {
  subject: string
  /** SHA-256, in pairs. */
  fingerprint: string
  /** ISO 8601. */
  from: string
  until: string
  /** Names and addresses it speaks for; null for a CA. */
  names: string[] | null
}

export type TlsFacts = {
  mode: Config['tls']
  ca: CertificateFacts | null
  server: CertificateFacts | null
}

/**
 * How this server's connections are encrypted, read from its files; works with and without a running server.
 *
 * @throws when a file is there but cannot be used
 */
export async function describeTls(config: Config): Promise<TlsFacts> {
  const mode = config.tls
  if (config.tlsFiles) {
    const { leaf } = await fileSource(config.tlsFiles).read()
    return { mode, ca: null, server: factsOf(leaf) }
  }
  if (mode !== 'local-ca') return { mode, ca: null, server: null }
  const ca = await readPair(config.dataFolder, 'ca.pem')
  const server = await readPair(config.dataFolder, 'server.pem')
  return {
    mode,
    ca: ca && { ...factsOf(new X509Certificate(ca.certificate)), names: null },
    server: server && factsOf(new X509Certificate(server.certificate)),
  }
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const names = (certificate.subjectAltName ?? '').split(', ').filter(Boolean)
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    fingerprint: certificate.fingerprint256,
    from: certificate.validFromDate.toISOString(),
    until: certificate.validToDate.toISOString(),
    names: names.map((name) => name.replace(/^(?:DNS|IP Address):/, '')),
  }
}
