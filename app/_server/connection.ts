import { secureAddress } from '#server/http/plain-http.ts'
import { appleProfile, appleProfileType, commonName } from '#server/lan/apple-profile.ts'
import { addressesOf, isOwnOnly } from '#server/lan/reach.ts'
import { house } from './house.ts'

/** What a device needs to know to reach this server safely. */
export type Connection = {
  /** The https address by the name or address the visitor used, e.g. `https://192.168.1.20:4443`. */
  here: string
  /** For apps: where another device reaches this server. The first one is the best. */
  addresses: string[]
  /** This server's CA as a device lists it, with its SHA-256 fingerprint in pairs; null where others vouch for it. */
  ca: { name: string; fingerprint: string } | null
}

/** @param host  of the request. @returns null while HTTPS is off */
export function connectionFor(host: string | null): Connection | null {
  const { ctx } = house()
  const { publicUrl } = ctx.config
  // A proxy in front shows a certificate of its own.
  if (publicUrl?.startsWith('https:') && (!ctx.httpsAddress || host === new URL(publicUrl).host))
    return { here: publicUrl, addresses: [publicUrl], ca: null }
  if (!ctx.httpsAddress || !ctx.certificates) return null
  const { ca, leaf } = ctx.certificates.current
  const here = secureAddress(ctx, host ?? undefined)
  const port = new URL(ctx.httpsAddress).port
  const byAddress = addressesOf(leaf, port)
  const used = isOwnOnly(new URL(here).hostname) ? [] : [here]
  return {
    here,
    addresses: [...new Set([...(publicUrl ? [publicUrl] : []), ...used, ctx.httpsAddress, ...byAddress])],
    ca: ca ? { name: commonName(ca), fingerprint: ca.fingerprint256 } : null,
  }
}

/**
 * Where a device begins that knows nothing of this server yet: `/connect` over plain HTTP, or at the proxy's address.
 * Null where other devices have no safe way in.
 */
export function connectPage(): string | null {
  const { config, address } = house().ctx
  if (config.publicUrl?.startsWith('https:')) return `${config.publicUrl}/connect`
  if (config.httpsPort === 'off' || config.tls === 'off' || config.tls === 'proxy') return null
  return `http://${config.hostname}:${new URL(address).port}/connect`
}

/** The CA as a file for devices to install; null where there is none of our own. */
export function caFile(kind: 'certificate' | 'profile'): { type: string; name: string; body: string } | null {
  const ca = house().ctx.certificates?.current.ca
  if (!ca) return null
  if (kind === 'profile') return { type: appleProfileType, name: 'hearthkeep.mobileconfig', body: appleProfile(ca) }
  return { type: 'application/x-x509-ca-cert', name: 'hearthkeep-ca.crt', body: ca.toString() }
}
