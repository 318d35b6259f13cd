import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CertificateUnusable, checkPair } from './certificate-file.ts'
import type { CertificateSource } from './credentials.ts'

/** Certificate and key that somebody else renews (`HEARTHKEEP_TLS=files`). */
export function fileSource(paths: { certificate: string; key: string }): CertificateSource {
  return {
    async read() {
      const [certificate, key] = await Promise.all([readText(paths.certificate), readText(paths.key)])
      try {
        checkPair({ certificate, key })
      } catch (cause) {
        const words = cause instanceof Error ? cause.message : ''
        throw new CertificateUnusable(
          `${paths.certificate} and ${paths.key} are not a certificate and its key: ${words}`,
          { cause },
        )
      }
      return { certificate, key, leaf: new X509Certificate(certificate), ca: null }
    },
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause) => {
    throw new CertificateUnusable(
      `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}`,
      { cause },
    )
  })
}
