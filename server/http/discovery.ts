import { readJson } from './fetch-json.ts'

/** What the discovery document of a sign-in service says (OpenID Connect Discovery §4), as far as anybody here asks. */
export type Discovered = { jwksUrl: string; authorizationUrl: string | null }

/** @throws when there is none, it is another's, or it names plain HTTP though the issuer has HTTPS */
export async function discover(issuer: string): Promise<Discovered> {
  const document = await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { issuer: named, jwks_uri: keys, authorization_endpoint: door } = document as Record<string, unknown>
  if (named !== issuer) throw new Error('the discovery document is of another issuer')
  if (!isAddress(keys, issuer)) throw new Error('the discovery document names no keys, or keys without HTTPS')
  return { jwksUrl: keys, authorizationUrl: isAddress(door, issuer) ? door : null }
}

function isAddress(value: unknown, issuer: string): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  return new URL(value).protocol === 'https:' || issuer.startsWith('http:')
}
