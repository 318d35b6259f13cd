import { type DerElement, readDer } from '#server/webauthn/der.ts'
import { familyOf, privateNetworks } from './private-networks.ts'

/** Name constraints (RFC 5280 §4.2.1.10): what a CA may sign for. */
export const nameConstraintsOid = '2.5.29.30'
const oidBytes = Buffer.of(0x55, 0x1d, 30)

/** Of context-specific elements; the extensions are the third of a certificate's (RFC 5280 §4.1). */
const contextClass = 2
const extensionsNumber = 3

const sequenceTag = 0x30
const permittedTag = 0xa0
const dnsNameNumber = 2
const ipAddressNumber = 7

/**
 * The extension's value: these host names (and names below them) and the private networks, nothing else.
 *
 * A family that takes this CA into its devices gives it power over their connections; the constraint keeps that power
 * to this server's names, should its key ever leak.
 */
export function encodeNameConstraints(hosts: string[]): Buffer {
  const names = hosts.map((host) => subtree(dnsNameNumber, Buffer.from(host, 'ascii')))
  const networks = privateNetworks.map(({ network, bits }) =>
    subtree(ipAddressNumber, Buffer.concat([addressBytes(network), mask(bits, addressBytes(network).length)])),
  )
  return element(sequenceTag, element(permittedTag, ...names, ...networks))
}

/**
 * The host names a CA may sign for, names below them included; none when it says nothing about names.
 *
 * @param certificate  DER
 */
export function readPermittedHosts(certificate: Buffer): string[] {
  const inside = (element: DerElement | undefined) => readDer(element?.content ?? Buffer.of())
  const [toBeSigned] = inside(readDer(certificate)[0])
  const extensions = inside(toBeSigned).find((part) => part.class === contextClass && part.number === extensionsNumber)
  const constraints = inside(inside(extensions)[0])
    .map(inside)
    .find(([id]) => id?.content.equals(oidBytes))
    ?.at(-1)
  const permitted = inside(inside(constraints)[0]).find((part) => part.class === contextClass && part.number === 0)
  return inside(permitted)
    .flatMap((tree) => inside(tree).slice(0, 1))
    .filter((base) => base.class === contextClass && base.number === dnsNameNumber)
    .map((base) => base.content.toString('ascii').toLowerCase())
}

/** `name.local` permits itself and everything below it. */
export function isPermitted(permitted: string[], host: string): boolean {
  return permitted.some((name) => host === name || host.endsWith(`.${name}`))
}

function subtree(kind: number, base: Buffer): Buffer {
  return element(sequenceTag, element(0x80 | kind, base))
}

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length > 0xffff) throw new RangeError('Too many names for one certificate')
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

/** Four or sixteen bytes. */
function addressBytes(address: string): Buffer {
  if (familyOf(address) === 'ipv4') return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const zeros = new Array<string>(8 - groups(head).length - groups(tail).length).fill('0')
  const all = [...groups(head), ...zeros, ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function mask(bits: number, bytes: number): Buffer {
  return Buffer.from(
    Array.from({ length: bytes }, (_, at) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - at * 8)))),
  )
}
