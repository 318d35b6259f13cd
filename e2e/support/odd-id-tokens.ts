import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { IssuerKey, OidcIssuer, SignIn } from './oidc-issuer.ts'

type Json = Record<string, unknown>

export type Forgery = {
  /** Laid over the honest header; `undefined` takes a member away. */
  header?: Json
  /** Laid over the honest claims; `undefined` takes a member away. */
  claims?: Json
  /** Instead of the issuer's own private key. */
  key?: KeyObject
}

/** Signs what no honest issuer would, with its real key. @param now  milliseconds, for `iat` and `exp` */
export type Forger = (forgery?: Forgery, now?: number) => string

/** Without a forgery the token is as good as an honest one. */
export function forgerOf(issuer: OidcIssuer, who: SignIn): Forger {
  return ({ header = {}, claims = {}, key } = {}, now = Date.now()) => {
    const seconds = Math.floor(now / 1000)
    const honest = {
      iss: issuer.url,
      aud: who.audience ?? issuer.audiences[0],
      sub: who.subject,
      iat: seconds,
      exp: seconds + 3600,
      ...(who.nonce === undefined ? {} : { nonce: who.nonce }),
      ...(who.email ? { email: who.email, email_verified: true } : {}),
    }
    return signToken(
      { alg: 'RS256', kid: issuer.key.kid, typ: 'JWT', ...header },
      { ...honest, ...claims },
      issuer.key,
      key,
    )
  }
}

/**
 * Tokens that must not be taken, by what is wrong with them: `unverifiable` ones can be read and are refused as
 * `oidc_token_verification_error`, `unreadable` ones as `oidc_token_parse_error` (factor-backup §5.4).
 */
export function oddIdTokens(issuer: OidcIssuer, who: SignIn): { unverifiable: Odd; unreadable: Odd } {
  const forge = forgerOf(issuer, who)
  const audience = who.audience ?? issuer.audiences[0]
  const seconds = Math.floor(Date.now() / 1000)
  const [head, body, signature] = forge().split('.') as [string, string, string]
  return {
    unverifiable: {
      'another issuer': forge({ claims: { iss: 'https://issuer.example' } }),
      'an issuer with a slash more': forge({ claims: { iss: `${issuer.url}/` } }),
      'another audience': forge({ claims: { aud: 'somebody-else' } }),
      'an extra audience': forge({ claims: { aud: [audience, 'somebody-else'] } }),
      'no audience': forge({ claims: { aud: undefined } }),
      'an empty list of audiences': forge({ claims: { aud: [] } }),
      'an expiry in the past': forge({ claims: { iat: seconds - 200, exp: seconds - 1 } }),
      'an iat of six minutes ago': forge({ claims: { iat: seconds - 360 } }),
      'an iat in the future': forge({ claims: { iat: seconds + 60 } }),
      'alg none': forge({ header: { alg: 'none' } }),
      'alg HS256 with the public key': forge({ header: { alg: 'HS256' } }),
      'alg PS256': forge({ header: { alg: 'PS256' } }),
      'alg RS512': forge({ header: { alg: 'RS512' } }),
      'a crit header': forge({ header: { crit: ['b64'], b64: true } }),
      'a cty header': forge({ header: { cty: 'JWT' } }),
      'another typ': forge({ header: { typ: 'at+jwt' } }),
      'no kid': forge({ header: { kid: undefined } }),
      'an unknown kid': forge({ header: { kid: 'nobody-knows' } }),
      'a key of somebody else': forge({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
      'a key it brings itself': withOwnKey(forge),
      'no signature': `${head}.${body}.`,
      'other claims than were signed': [head, forge({ claims: { sub: 'victim' } }).split('.')[1], signature].join('.'),
    },
    unreadable: {
      'a missing sub': forge({ claims: { sub: undefined } }),
      'a missing iss': forge({ claims: { iss: undefined } }),
      'a missing exp': forge({ claims: { exp: undefined } }),
      'a missing iat': forge({ claims: { iat: undefined } }),
      'two parts only': `${head}.${body}`,
      'claims that are no JSON': `${head}.${Buffer.from('{').toString('base64url')}.${signature}`,
      'no token at all': 'nothing',
      'an empty text': '',
    },
  }
}

type Odd = Record<string, string>

function withOwnKey(forge: Forger): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return forge({ header: { kid: undefined, jwk: publicKey.export({ format: 'jwk' }) }, key: privateKey })
}

/** By hand, because JWT libraries rightly refuse to make most of these. */
function signToken(header: Json, claims: Json, own: IssuerKey, other?: KeyObject): string {
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${signatureOf(String(header.alg), text, own, other ?? own.privateKey)}`
}

function signatureOf(alg: string, text: string, own: IssuerKey, key: KeyObject): string {
  if (alg === 'none') return ''
  const hash = `sha${alg.slice(2)}`
  if (alg.startsWith('HS')) {
    const publicText = own.publicKey.export({ type: 'spki', format: 'pem' })
    return createHmac(hash, publicText).update(text).digest('base64url')
  }
  const padding = alg.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  return sign(hash, Buffer.from(text), { key, padding }).toString('base64url')
}
