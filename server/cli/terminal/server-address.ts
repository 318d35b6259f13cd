import { Transport } from '#client/transport/transport.ts'
import { usageFailure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/**
 * The server to talk to: `--server`, else HEARTHKEEP_SERVER, else the one running on this machine.
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
  const address = asked ?? (terminal.env.HEARTHKEEP_SERVER || localServer())
  if (address === null) {
    throw usageFailure('No server runs on this machine; say which one with --server or HEARTHKEEP_SERVER')
  }
  let transport: Transport
  try {
    transport = new Transport({ baseUrl: address })
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
