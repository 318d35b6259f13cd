/** Text that is no base64, with the words of the `base64` crate, which clients see (factor-backup §5.3). */
export class Base64Fault extends Error {}

/**
 * Decode RFC 4648 §4 base64 in its one canonical form: padded, no unused bits set, no white space. Node's own decoder
 * takes anything.
 *
 * @throws Base64Fault
 */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') === text) return bytes
  throw new Base64Fault(faultOf(text))
}

function faultOf(text: string): string {
  const symbols = text.replace(/={1,2}$/, '')
  const offset = symbols.search(/[^A-Za-z0-9+/]/)
  if (offset >= 0) return `Invalid symbol ${Buffer.from(symbols.slice(offset))[0]}, offset ${offset}.`
  if (symbols.length % 4 === 1) return `Invalid input length: ${symbols.length}`
  if (text.length % 4 !== 0) return 'Invalid padding'
  return `Invalid last symbol ${symbols.charCodeAt(symbols.length - 1)}, offset ${symbols.length - 1}.`
}
