import { pair } from '#client/node/pairing/pair.ts'
import { isServerError } from '#client/transport/errors.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import { rememberPairedServer } from '#server/cli/terminal/paired-servers.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { browse, type FoundServer } from '#server/lan/discovery/browse.ts'

export type PairOptions = { with?: string; server?: string; invite?: boolean; json?: boolean }

const listenSeconds = 3

/** Come to trust a server by its code, and remember it for later verbs. */
export async function pairWith({ terminal }: VerbContext, options: PairOptions & { with: string }): Promise<Outcome> {
  const isLink = options.with.includes('#')
  const servers = isLink ? [] : options.server ? [options.server] : await serversInHouse()
  const impostors: string[] = []
  const onImpostor = (server: string) => {
    impostors.push(server)
    terminal.stderr.write(
      `Warning: ${server} shows a certificate that this code does not vouch for. Do not trust it.\n`,
    )
  }
  const paired = await pair({ code: options.with, servers, onImpostor }).catch((error) => {
    if (!isServerError(error, 410)) throw error
    throw new CommandFailure(
      exitCodes.signInRefused,
      'code-refused',
      'This code is not good (any more): it works once, for ten minutes. Make a new one',
    )
  })
  const { baseUrl, addresses, ca, fingerprint, invitation } = paired
  await rememberPairedServer(terminal.env, { baseUrl, addresses, ca, fingerprint, pairedAt: new Date().toISOString() })
  const join = invitation ? `${baseUrl}/join/${invitation}` : null
  const lines = [
    `Paired with ${baseUrl}.`,
    ca
      ? `It is believed by its own certificate authority alone: ${fingerprint}`
      : 'Its certificate is vouched for by others, as on any web site.',
    ...(join ? [`To make your account, open ${join}`] : []),
  ]
  return { text: lines.join('\n'), json: { baseUrl, addresses, fingerprint, join, impostors } }
}

async function serversInHouse(): Promise<string[]> {
  const found = await browse(listenSeconds)
  if (found.length > 0) return [...new Set(found.flatMap(doorsOf))]
  throw usageFailure('No server was found in the house; say where it is with --server http://<address>:4180')
}

/** By address: not every machine resolves names of the house. */
function doorsOf({ addresses, httpPort, url }: FoundServer): string[] {
  const first = addresses[0]
  if (!first || httpPort === null) return [url]
  return [`http://${first.includes(':') ? `[${first}]` : first}:${httpPort}`]
}
