import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Provider, { type Configuration, type JWK } from 'oidc-provider'

/** What an id_token shall say. */
export type SignIn = {
  /** The `sub` claim. */
  subject: string
  nonce?: string
  /** One of the issuer's audiences; the first one when left out. */
  audience?: string
  /** Null = the token says nothing of an address. */
  email?: string | null
}

/** A key the issuer signs with; what forged tokens are signed with too. */
export type IssuerKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject }

export type OidcIssuer = AsyncDisposable & {
  /** The `iss` claim, `http://127.0.0.1:<port>`; for HEARTHKEEP_OIDC_…_ISSUER. */
  url: string
  /** For HEARTHKEEP_OIDC_…_JWKS_URL. */
  jwksUrl: string
  /** Client ids; for HEARTHKEEP_OIDC_…_AUDIENCE. */
  audiences: string[]
  /** The key in use now. */
  readonly key: IssuerKey
  /** How often each document was asked for. */
  readonly requests: { jwks: number; discovery: number }
  /** Go through the authorization code flow (PKCE) as a browser would. @returns the id_token, RS256, good for an hour */
  signIn(who: SignIn): Promise<string>
  /** Sign with a new key from now on; the old ones stay in the JWKS unless told otherwise. */
  rotateKey(options?: { keepOld: boolean }): void
  /** Wait this long before every answer. 0 = at once. */
  answerAfter(milliseconds: number): void
  /** Stop listening and cut all connections. */
  stop(): Promise<void>
  /** Listen on the same port again. */
  restart(): Promise<void>
}

const redirectUri = 'http://127.0.0.1/signed-in'
const pageUri = 'http://localhost/backup-account'

/**
 * A real OpenID provider on loopback: discovery, JWKS, authorization code flow. Whoever is named as `login_hint` is
 * signed in and gives consent without being asked.
 *
 * @param options.audiences  its clients; at least one
 * @param options.port  0 = any free one
 * @param options.visitor  who comes with a browser, and is signed in without being asked; the page sends no `login_hint`
 */
export async function startOidcIssuer({
  audiences = ['hearthkeep-test'],
  port = 0,
  visitor,
}: {
  audiences?: string[]
  port?: number
  visitor?: { subject: string; email: string }
} = {}): Promise<OidcIssuer> {
  const requests = { jwks: 0, discovery: 0 }
  const emails = new Map<string, string | null>(visitor ? [[visitor.subject, visitor.email]] : [])
  let delay = 0
  let keys = [newKey()]
  let handle: (request: IncomingMessage, response: ServerResponse) => void

  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/jwks')) requests.jwks++
    if (request.url?.startsWith('/.well-known/openid-configuration')) requests.discovery++
    if (delay > 0) await sleep(delay)
    handle(request, response)
  }
  let server = await listen(listener, port)
  const chosen = (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${chosen}`
  const open = () => {
    handle = handlerOf(new Provider(url, configuration(keys, audiences, emails)), visitor?.subject)
  }
  open()

  return {
    url,
    jwksUrl: `${url}/jwks`,
    audiences,
    requests,
    get key() {
      return keys[0] as IssuerKey
    },
    signIn(who) {
      emails.set(who.subject, who.email ?? null)
      return authorize(url, { audience: audiences[0] as string, ...who })
    },
    rotateKey({ keepOld } = { keepOld: true }) {
      keys = [newKey(), ...(keepOld ? keys : [])]
      open()
    },
    answerAfter(milliseconds) {
      delay = milliseconds
    },
    stop: () => close(server),
    async restart() {
      server = await listen(listener, chosen)
    },
    [Symbol.asyncDispose]: () => close(server),
  }
}

function newKey(): IssuerKey {
  return { kid: randomBytes(8).toString('hex'), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
}

function configuration(
  keys: IssuerKey[],
  audiences: string[],
  emails: ReadonlyMap<string, string | null>,
): Configuration {
  const hour = 60 * 60
  return {
    clients: audiences.map((audience) => ({
      client_id: audience,
      // Loopback addresses of native clients go with any port (RFC 8252 §7.3).
      application_type: 'native' as const,
      redirect_uris: [redirectUri, pageUri],
      grant_types: ['authorization_code', 'implicit'],
      response_types: ['code' as const, 'id_token' as const],
      token_endpoint_auth_method: 'none',
    })),
    jwks: {
      keys: keys.map(({ kid, privateKey }) => ({
        ...(privateKey.export({ format: 'jwk' }) as JWK),
        kid,
        use: 'sig',
        alg: 'RS256',
      })),
    },
    responseTypes: ['code', 'id_token'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // Puts the e-mail into the id_token, as Google and Apple do.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: { devInteractions: { enabled: false } },
    ttl: { AccessToken: hour, AuthorizationCode: 60, Grant: hour, IdToken: hour, Interaction: hour, Session: hour },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, accountId) => {
      const email = emails.get(accountId)
      return { accountId, claims: () => ({ sub: accountId, ...(email ? { email, email_verified: true } : {}) }) }
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  }
}

function handlerOf(provider: Provider, visitor?: string): (request: IncomingMessage, response: ServerResponse) => void {
  const answer = provider.callback()
  return async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    try {
      const { params } = await provider.interactionDetails(request, response)
      const login = { accountId: String(params.login_hint ?? visitor) }
      await provider.interactionFinished(request, response, { login, consent: {} }, { mergeWithLastSubmission: false })
    } catch (error) {
      response.writeHead(400).end(String(error))
    }
  }
}

/** The part of the browser and of the app in the authorization code flow. */
async function authorize(issuer: string, who: SignIn & { audience: string }): Promise<string> {
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`)
  const endpoints = (await discovery.json()) as { authorization_endpoint: string; token_endpoint: string }
  const verifier = randomBytes(32).toString('base64url')
  const question = new URLSearchParams({
    client_id: who.audience,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid email',
    login_hint: who.subject,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(who.nonce === undefined ? {} : { nonce: who.nonce }),
  })
  const answer = await fetch(endpoints.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: who.audience,
      code: await followToCode(new URL(`${endpoints.authorization_endpoint}?${question}`)),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  })
  const tokens = (await answer.json()) as { id_token?: string }
  if (!tokens.id_token) throw new Error(`The issuer gave no id_token: ${JSON.stringify(tokens)}`)
  return tokens.id_token
}

async function followToCode(start: URL): Promise<string> {
  const cookies = new Map<string, string>()
  let next = start
  for (let hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (!location) throw new Error(`The issuer answered ${answer.status}: ${await answer.text()}`)
    await answer.body?.cancel()
    next = new URL(location, start)
    const code = next.searchParams.get('code')
    if (location.startsWith(redirectUri) && code) return code
  }
  throw new Error('The issuer went round in circles')
}

async function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port: number,
): Promise<Server> {
  const server = createServer(listener)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
