import type { Config } from '#server/config/env.ts'
import type { Context } from '#server/context.ts'
import { discover } from '#server/http/discovery.ts'
import { Problem } from '#server/kit/problem.ts'

/** A sign-in service that a page can send people to. */
export type AccountProvider = { kind: 'GOOGLE' | 'APPLE'; name: string }

const kinds = [
  ['GOOGLE', 'google'],
  ['APPLE', 'apple'],
] as const

/**
 * Apple itself gives no e-mail address to a page without a secret of the server's (response mode `form_post` only), and
 * without an address no account can be a factor (factor-backup §7, `missing_email`). A family's own service in its
 * place can.
 */
const appForAppsOnly = 'https://appleid.apple.com'

export function accountProviders({ config }: { config: Config }): AccountProvider[] {
  return kinds.flatMap(([kind, key]) => {
    const { name, issuer, audiences } = config.oidc[key]
    return audiences.length > 0 && issuer !== appForAppsOnly ? [{ kind, name }] : []
  })
}

/**
 * The address at which somebody signs in and gets an id_token for the session key that the nonce stands for
 * (factor-backup §5.4). The token comes back in the fragment of `back`, which no server sees (OpenID Connect §3.2); who
 * has it can do nothing with it without that key.
 *
 * @throws input.invalid for a service that is off, server.failed when it cannot be asked
 */
export async function startAccountSignIn(
  { config, log }: Pick<Context, 'config' | 'log'>,
  kind: AccountProvider['kind'],
  { nonce, state, back }: { nonce: string; state: string; back: string },
): Promise<string> {
  if (!accountProviders({ config }).some((provider) => provider.kind === kind)) throw new Problem('input.invalid')
  const { issuer, audiences } = config.oidc[kind === 'GOOGLE' ? 'google' : 'apple']
  const found = await discover(issuer).catch((cause: unknown) => {
    log.warn({ issuer, cause: String(cause) }, 'a sign-in service could not be asked')
    throw new Problem('server.failed', { cause })
  })
  if (found.authorizationUrl === null) throw new Problem('server.failed')
  const url = new URL(found.authorizationUrl)
  const question = {
    client_id: audiences[0] ?? '',
    response_type: 'id_token',
    response_mode: 'fragment',
    scope: 'openid email',
    redirect_uri: back,
    nonce,
    state,
  }
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value)
  return url.href
}
