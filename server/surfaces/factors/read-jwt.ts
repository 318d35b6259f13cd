import type { JWSHeaderParameters } from 'jose'

export type UnverifiedJwt = { header: JWSHeaderParameters; claims: Record<string, unknown> }

/**
 * What a compact JWT says, without any look at who says it.
 *
 * @returns null for anything that is no JWT: three parts in base64url, the first two of them JSON objects
 */
export function readJwt(token: string): UnverifiedJwt | null {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts.every(isBase64Url)) return null
  const [header, claims] = parts.slice(0, 2).map(readObject)
  return header && claims && typeof header.alg === 'string' ? { header, claims } : null
}

function isBase64Url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text
}

function readObject(part: string): Record<string, unknown> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'))
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
