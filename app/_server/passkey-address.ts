import { headers } from 'next/headers'
import { publicUrl } from '#server/config/public-url.ts'
import { Problem } from '#server/kit/problem.ts'
import { accountRelyingParty, type RelyingParty } from '#server/webauthn/relying-party.ts'
import { house } from './house.ts'

/** Whether passkeys can work on the page that is being made. */
export type PasskeyAddress = {
  /** The name they are for, null when they cannot work under this address. */
  rpId: string | null
  /** Where they would: this machine's own name for itself, or the server's. Null when there is no such address. */
  elsewhere: string | null
}

export async function passkeyAddress(): Promise<PasskeyAddress> {
  const host = (await headers()).get('host')
  return { rpId: accountRelyingParty(house().ctx, host)?.id ?? null, elsewhere: otherAddress(host ?? '') }
}

/** @throws passkey.address */
export async function requireRelyingParty(): Promise<RelyingParty> {
  const rp = accountRelyingParty(house().ctx, (await headers()).get('host'))
  if (!rp) throw new Problem('passkey.address')
  return rp
}

function otherAddress(host: string): string | null {
  const { ctx } = house()
  const { port } = new URL(ctx.address)
  if (/^(127\.|\[::1\])/.test(host)) return `http://localhost:${port}`
  const known = publicUrl(ctx)
  return known.startsWith('https:') ? known : null
}
