import { isIP } from 'node:net'
import type { Config } from '#server/config/env.ts'

/** Whom a passkey is for (WebAuthn §4), and from where it may be used. */
export type RelyingParty = {
  id: string
  name: string
  /** `https://host[:port]` or `android:apk-key-hash:…`. */
  origins: string[]
}

/** `httpsAddress`: where the house reaches the server, where that is known already. */
type ServerAddresses = { config: Config; address: string; httpsAddress?: string | null }

/**
 * The relying party of factor backups: as configured, else this server's own name and addresses (design §6).
 *
 * @param address  where the server listens, e.g. `http://127.0.0.1:4180`
 */
export function relyingPartyOf({ config, address, httpsAddress }: ServerAddresses): RelyingParty {
  const { id: configured, name, origins } = config.relyingParty
  const id = configured ?? config.hostname
  return { id, name, origins: origins ?? ownOrigins(config, id, address, httpsAddress) }
}

/**
 * All that passkeys of factor backups may be for: the configured one alone; else the server's own name, its public one
 * and `localhost`, so that a page works under each address that it is served from.
 */
export function relyingPartiesOf(server: { config: Config; address: string }): RelyingParty[] {
  const { config } = server
  const own = relyingPartyOf(server)
  if (config.relyingParty.id !== null || config.relyingParty.origins !== null) return [own]
  const names = [...(config.publicUrl ? [new URL(config.publicUrl).host] : []), 'localhost']
  const others = names.flatMap((name) => accountRelyingParty(server, name) ?? [])
  return [own, ...others.filter(({ id }) => id !== own.id)]
}

/** The one for who calls us by this name; the server's own for any that is none of ours. @param host  with or without port */
export function relyingPartyAt(server: { config: Config; address: string }, host: string | null): RelyingParty {
  const parties = relyingPartiesOf(server)
  const name = host && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  return parties.find(({ id }) => id === name) ?? (parties[0] as RelyingParty)
}

/**
 * The relying party of people's own passkeys: the name of the page they are on, if it is one of ours. A passkey made at
 * `localhost` works on that machine only, one made under the server's name works at home.
 *
 * @param host  as the request has it, with or without a port
 * @returns null for an address that passkeys do not work under, e.g. an IP
 */
export function accountRelyingParty(
  { config, address }: { config: Config; address: string },
  host: string | null,
): RelyingParty | null {
  const id = host && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  if (isIP(id.replace(/^\[|\]$/g, '')) !== 0) return null
  const origins = ownOrigins(config, id, address).filter((origin) => new URL(origin).hostname === id)
  return origins.length > 0 ? { id, name: config.relyingParty.name, origins } : null
}

/** Browsers count `localhost` as secure without TLS; every other name needs https. */
function ownOrigins(
  { hostname, publicUrl, httpsPort }: Config,
  id: string,
  address: string,
  httpsAddress: string | null = null,
): string[] {
  // The name in the address bar, which may be below the relying party's id.
  const own = new URL(httpsAddress ?? `https://${hostname}`)
  if (!httpsAddress && httpsPort !== 'off') own.port = String(httpsPort)
  const local = new URL('http://localhost')
  local.port = new URL(address).port
  const known = publicUrl ? [new URL(publicUrl).origin] : []
  return [...new Set([...known, own.origin, ...(id === 'localhost' ? [local.origin] : [])])]
}
