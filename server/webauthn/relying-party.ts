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
