import { pinnedFetch } from '#client/node/pairing/pinned-fetch.ts'
import { Transport } from '#client/transport/transport.ts'
import { usageFailure } from './failure.ts'
import { pairedServerAt, recallPairedServers } from './paired-servers.ts'
import type { Terminal } from './terminal.ts'

/**
 * The server to talk to: `--server`, else HEARTHKEEP_SERVER, else the one running on this machine, else the one paired
 * with last. One that was paired with is believed by its own CA alone, whichever way it was chosen.
 *
 * @param readable  what a listener learns from this command where the connection is not encrypted
 * @throws usage failure when there is none or the address is unusable
 */
export function chooseServer(
  asked: string | undefined,
  terminal: Terminal,
  localServer: () => string | null,
  readable = 'the account password',
): Transport {
  const paired = recallPairedServers(terminal.env)
  const address = asked ?? (terminal.env.HEARTHKEEP_SERVER || localServer() || paired[0]?.baseUrl)
  if (address === undefined) {
    throw usageFailure(
      'No server runs on this machine; pair with one (hearthkeep pair --with), or say which with --server or HEARTHKEEP_SERVER',
    )
  }
  let transport: Transport
  try {
    const ca = pairedServerAt(paired, address)?.ca
    transport = new Transport({ baseUrl: address, ...(ca ? { fetch: pinnedFetch(ca) } : {}) })
  } catch (error) {
    throw usageFailure(`The server address cannot be used: ${(error as Error).message}`)
  }
  if (isReadableOnTheWay(transport.baseUrl)) {
    terminal.stderr.write(
      `Warning: ${transport.baseUrl} is not encrypted; others on the network can read ${readable}.\n`,
    )
  }
  return transport
}

/** Plain HTTP to another machine. */
function isReadableOnTheWay(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  const loopback = hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname) || /(^|\.)localhost$/.test(hostname)
  return protocol === 'http:' && !loopback
}
