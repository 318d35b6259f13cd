import type { Link, Network, Sender } from './link.ts'
import { decodeMessage, encodeMessage, type Message } from './messages.ts'

type Ear = { link: Link; address: string; hear: (message: Message, from: Sender) => void }

/** A network in memory: everybody hears what anybody says, the speaker too, as multicast does. */
export class TestNetwork {
  readonly #ears: Ear[] = []
  /** Everything that was said, in order. */
  readonly said: { message: Message; from: string; to: Sender | null }[] = []

  join(address: string, more: string[] = []): Link {
    const network: Network = { name: 'lan0', address, cidr: `${address}/24`, addresses: [address, ...more] }
    const link: Link = {
      network,
      send: async (given, to) => {
        const message = decodeMessage(encodeMessage(given))
        if (!message) throw new Error('What was encoded cannot be decoded')
        this.said.push({ message, from: address, to: to ?? null })
        const ears = this.#ears.filter((ear) => to === undefined || ear.address === to.address)
        for (const ear of ears) queueMicrotask(() => ear.hear(message, { address, port: 5353 }))
      },
      listen: (hear) => this.#ears.push({ link, address, hear }),
      close: () => {
        const gone = this.#ears.filter((ear) => ear.link === link)
        for (const ear of gone) this.#ears.splice(this.#ears.indexOf(ear), 1)
      },
    }
    return link
  }

  /** Say something as a plain resolver does, from a port of its own. */
  ask(message: Parameters<typeof encodeMessage>[0], from: Sender): void {
    const sent = decodeMessage(encodeMessage(message))
    if (sent) for (const ear of this.#ears) ear.hear(sent, from)
  }
}
