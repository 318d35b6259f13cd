import type { X509Certificate } from 'node:crypto'

/** What the HTTPS listener shows, and what it is. */
export type Credentials = {
  /** PEM; the server's own certificate first, then those between it and its CA. */
  certificate: string
  /** PEM */
  key: string
  leaf: X509Certificate
  /** This server's own CA, for devices to trust; null with certificates from elsewhere. */
  ca: X509Certificate | null
}

/** Where the HTTPS listener's certificate comes from; asked again and again. */
export type CertificateSource = {
  /** The credentials to use now; makes or renews them where that is its business. @throws with words for people */
  read(): Promise<Credentials>
  /** Make new ones now, where that is its business. */
  renew?(): Promise<Credentials>
  /** As `renew`, under a new CA, which every device has to trust anew. */
  replaceCa?(): Promise<Credentials>
}
