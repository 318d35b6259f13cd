import { X509Certificate } from 'node:crypto'
import { isNetworkError, ProtocolError } from '#client/transport/errors.ts'
import { Transport } from '#client/transport/transport.ts'
import { isPairingError, PairingError } from './errors.ts'
import { pinnedFetch, unverifiedFetch } from './pinned-fetch.ts'
import {
  fingerprintOf,
  type PairingCode,
  readPairingCode,
  type StretchedCode,
  stretchCode,
} from './read-pairing-code.ts'

export type PairedServer = {
  /** The best of its addresses that can be reached from here. */
  baseUrl: string
  /** All of them. */
  addresses: string[]
  /** PEM: the only CA that may sign for it, see `pinnedFetch`; null where the system's CAs vouch for it. */
  ca: string | null
  /** SHA-256 of that CA, in pairs. */
  fingerprint: string | null
  /** A code to join that server with, if one came along. */
  invitation: string | null
}

export type PairOptions = {
  /** Link or short code. */
  code: string
  /** Where to ask with a short code, e.g. what was found in the house: `http://` is as good as `https://`. */
  servers?: string[]
  /** Told of servers that gave out a certificate which the code does not vouch for: somebody is in between. */
  onImpostor?: (server: string) => void
  signal?: AbortSignal
}

const mostAnswer = 64 * 1024

/**
 * Come to trust a server by a pairing code: learn its CA from whoever answers, and believe it only if the code vouches
 * for it. Uses the code up.
 *
 * @throws PairingError; ServerError when every server refuses the code (410: it is not good any more), NetworkError
 */
export async function pair({ code: text, servers = [], onImpostor, signal }: PairOptions): Promise<PairedServer> {
  const code = readPairingCode(text)
  const stretched = await stretchCode(code.code)
  let trouble: unknown = null
  for (const server of code.servers.length > 0 ? code.servers : servers) {
    try {
      const vouched = await askOne(server, { code, stretched, signal })
      return await reach(vouched, code, signal)
    } catch (error) {
      if (signal?.aborted) throw error
      if (isPairingError(error, 'not-vouched')) onImpostor?.(server)
      if (weightOf(error) > weightOf(trouble)) trouble = error
    }
  }
  throw trouble ?? new PairingError('not-a-code', 'Say which server the short code is for')
}

/** Which of several failures says most: that somebody is in between more than a refusal, and that more than silence. */
function weightOf(error: unknown): number {
  if (error === null) return 0
  if (isNetworkError(error)) return 1
  return isPairingError(error, 'not-vouched') ? 3 : 2
}

type Vouched = { addresses: string[]; ca: X509Certificate | null }
type Asked = { code: PairingCode; stretched: StretchedCode; signal: AbortSignal | undefined }

async function askOne(server: string, { code, stretched, signal }: Asked): Promise<Vouched> {
  const transport = new Transport({
    baseUrl: server,
    ...(server.startsWith('https:') ? { fetch: unverifiedFetch() } : {}),
  })
  const { id, ticket } = stretched
  const reply = await transport.send({
    method: 'POST',
    path: '/connect/pair',
    json: { id, ticket },
    idempotent: false,
    ...(signal ? { signal } : {}),
  })
  const answer = readAnswer(await reply.json(mostAnswer))
  const der = answer.ca?.raw ?? null
  const isMeant = code.fingerprint === null || (der !== null && fingerprintOf(der) === code.fingerprint)
  if (!isMeant || !stretched.isVouched(der, answer.mac))
    throw new PairingError(
      'not-vouched',
      `What answers at ${transport.baseUrl} shows a certificate that this code does not vouch for. Somebody may be in between`,
    )
  return answer
}

function readAnswer(value: unknown): Vouched & { mac: string } {
  const { addresses, ca, mac } = (value ?? {}) as Record<string, unknown>
  if (!Array.isArray(addresses) || typeof mac !== 'string' || (ca !== null && typeof ca !== 'string'))
    throw new ProtocolError('That is no answer of a Hearthkeep server')
  const urls = addresses.slice(0, 100).map((address) => URL.parse(String(address)))
  const origins = urls.flatMap((url) => (url?.protocol === 'https:' && url.username === '' ? [url.origin] : []))
  try {
    return { addresses: origins, ca: ca === null ? null : new X509Certificate(ca), mac }
  } catch (error) {
    throw new ProtocolError('The server sent a certificate that cannot be read', error)
  }
}

/** Nobody vouched for the addresses; an impostor behind one of them cannot show a certificate of that CA. */
async function reach(
  { addresses, ca }: Vouched,
  { invitation }: PairingCode,
  signal?: AbortSignal,
): Promise<PairedServer> {
  const pem = ca?.toString() ?? null
  let trouble: unknown
  for (const baseUrl of addresses) {
    const transport = new Transport({ baseUrl, idleMs: 5_000, ...(pem ? { fetch: pinnedFetch(pem) } : {}) })
    try {
      const reply = await transport.send({
        method: 'GET',
        path: '/ready',
        idempotent: false,
        ...(signal ? { signal } : {}),
      })
      await reply.discard()
      return { baseUrl, addresses, ca: pem, fingerprint: ca?.fingerprint256 ?? null, invitation }
    } catch (error) {
      if (signal?.aborted) throw error
      trouble ??= error
    }
  }
  throw new PairingError(
    'unreachable',
    'The server is known now, but cannot be reached at any of its addresses',
    trouble,
  )
}
