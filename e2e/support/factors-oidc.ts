/** Factors that are accounts at an OIDC provider (factor-backup §2.2, §5.4). */
import { randomUUID } from 'node:crypto'
import { type Api, type Challenged, type Draft, draft, initialSync, type Metadata, ok } from './factors.ts'
import { type EcKey, ecKey, nonceOf } from './factors-keys.ts'
import type { OidcIssuer } from './oidc-issuer.ts'

export type Provider = 'GOOGLE' | 'APPLE'
export type OidcAuthorization = {
  kind: 'OIDC_ACCOUNT'
  oidcToken: { kind: Provider; token: string; aud?: string | null }
  publicKey: string
  signature: string
}

/** Environment of a server that takes accounts of these issuers. */
export function oidcEnv(issuers: { google?: OidcIssuer; apple?: OidcIssuer }): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, issuer] of Object.entries(issuers)) {
    const prefix = `HEARTHKEEP_OIDC_${name.toUpperCase()}`
    env[`${prefix}_ISSUER`] = issuer.url
    env[`${prefix}_JWKS_URL`] = issuer.jwksUrl
    env[`${prefix}_AUDIENCE`] = issuer.audiences.join(',')
  }
  return env
}

export type Account = {
  provider: Provider
  issuer: OidcIssuer
  subject: string
  email?: string | null
  audience?: string
}

/** Somebody at that provider whom no other test knows. */
export function account(provider: Provider, issuer: OidcIssuer, over: Partial<Account> = {}): Account {
  return { provider, issuer, subject: `sub-${randomUUID()}`, email: 'example@gmail.com', ...over }
}

/** Signed in: an id_token whose nonce names the session key. */
export type Session = { account: Account; key: EcKey; token: string }

export async function signIn(who: Account): Promise<Session> {
  const key = ecKey()
  const { subject, email, audience } = who
  const token = await who.issuer.signIn({
    subject,
    nonce: nonceOf(key.publicKey),
    ...(email === undefined ? {} : { email }),
    ...(audience === undefined ? {} : { audience }),
  })
  return { account: who, key, token }
}

export function authorize({ account: { provider }, key, token }: Session, challenge: string): OidcAuthorization {
  const { publicKey } = key
  return { kind: 'OIDC_ACCOUNT', oidcToken: { kind: provider, token }, publicKey, signature: key.sign(challenge) }
}

/** A whole proof for a route, with a challenge of its own. */
export async function proveSession(api: Api, route: Challenged, session: Session) {
  const { challenge, token } = await api.challenge(route)
  return { authorization: authorize(session, challenge), challengeToken: token }
}

/** The `payload` of `/create` with an OIDC account as main factor. */
export async function oidcPayload(api: Api, one: Draft, session: Session): Promise<Record<string, unknown>> {
  return {
    ...(await proveSession(api, 'create', session)),
    initialEncryptionKey: one.encryptionKey,
    ...(await initialSync(api, one.sync)),
    manifestHash: one.manifestHash,
    backupAccountId: one.id,
    turnkeyProviderId: 'turnkey-provider',
  }
}

/** A new backup of that account. @throws when it is refused */
export async function createByOidc(api: Api, who: Account): Promise<Draft & { metadata: Metadata }> {
  const one = draft({
    encryptionKey: {
      kind: 'TURNKEY',
      encryptedKey: 'opaque',
      turnkeyAccountId: 'organization',
      turnkeyUserId: 'user',
      turnkeyPrivateKeyId: 'key',
    },
  })
  const { backupMetadata } = ok(await api.sendForm('create', await oidcPayload(api, one, await signIn(who)), one.bytes))
  return { ...one, metadata: backupMetadata as Metadata }
}
