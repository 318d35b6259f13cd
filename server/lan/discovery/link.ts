import { createSocket, type Socket } from 'node:dgram'
import { BlockList, isIPv4 } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { isPrivateAddress } from '#server/lan/private-networks.ts'
import { decodeMessage, encodeMessage, type Message, type NewMessage } from './messages.ts'

const group = '224.0.0.251'
const mdnsPort = 5353

/** A network that this machine is in. */
export type Network = {
  /** E.g. `eth0`. */
  name: string
  /** The IPv4 address that speaks there. */
  address: string
  /** In CIDR notation; who is outside does not belong here. */
  cidr: string
  /** What this machine is reached by there: IPv4, and IPv6 that is the house's own. */
  addresses: string[]
}

export type Sender = { address: string; port: number }

/** One network, as mDNS hears and speaks there. */
export type Link = {
  network: Network
  /** To everybody there, or to one. */
  send(message: NewMessage, to?: Sender): Promise<void>
  listen(hear: (message: Message, from: Sender) => void): void
  close(): void
}

/** The networks this machine is in, loopback left out; those that have only IPv6 are not spoken to. */
export function readNetworks(
  interfaces: Record<string, NetworkInterfaceInfo[] | undefined> = networkInterfaces(),
): Network[] {
  return Object.entries(interfaces).flatMap(([name, entries = []]) => {
    const outer = entries.filter(({ internal }) => !internal)
    const speaking = outer.find(({ family }) => family === 'IPv4')
    if (!speaking?.cidr) return []
    const addresses = outer.map(({ address }) => address).filter((one) => isIPv4(one) || isPrivateAddress(one))
    return [{ name, address: speaking.address, cidr: speaking.cidr, addresses: [...new Set(addresses)] }]
  })
}

/**
 * Listen and speak in one network. Another program on this machine that does so too (Avahi, Bonjour) goes on hearing
 * everything.
 *
 * @param port  0 where only questions are asked and 5353 is taken
 * @throws what the operating system throws, e.g. when the port is taken for one program alone
 */
export async function openLink(network: Network, port = mdnsPort): Promise<Link> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  const inside = new BlockList()
  const [base = '', bits = '32'] = network.cidr.split('/')
  inside.addSubnet(base, Number(bits))
  try {
    await bind(socket, port)
    socket.addMembership(group, network.address)
    socket.setMulticastInterface(network.address)
    socket.setMulticastTTL(255)
    socket.setMulticastLoopback(true)
  } catch (error) {
    socket.close()
    throw error
  }
  // A network that goes away is noticed by whoever looks for networks.
  socket.on('error', () => {})
  return {
    network,
    send: (message, to) =>
      new Promise((resolve) => {
        const { address, port: target } = to ?? { address: group, port: mdnsPort }
        // One message lost is what mDNS is made for.
        socket.send(encodeMessage(message), target, address, () => resolve())
      }),
    listen(hear) {
      socket.on('message', (bytes, from) => {
        // RFC 6762 §11: nobody from elsewhere is heard; all sockets of this port hear all networks.
        if (!inside.check(from.address)) return
        const message = decodeMessage(bytes)
        if (message) hear(message, from)
      })
    },
    close: () => socket.close(),
  }
}

function bind(socket: Socket, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}
