import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'

/** An encrypted backup as 2FAS writes it (schema 4): PBKDF2-HMAC-SHA256 and AES-256-GCM by Node's own. */
export function twoFasBackup(services: unknown[], password: string): Buffer {
  const [salt, nonce] = [randomBytes(256), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', pbkdf2Sync(password, salt, 10_000, 32, 'sha256'), nonce)
  const content = Buffer.concat([cipher.update(JSON.stringify(services)), cipher.final(), cipher.getAuthTag()])
  const servicesEncrypted = [content, salt, nonce].map((bytes) => bytes.toString('base64')).join(':')
  return Buffer.from(JSON.stringify({ schemaVersion: 4, services: [], groups: [], servicesEncrypted }))
}
