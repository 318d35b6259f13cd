/** One element of DER (X.690 §8.1). */
export type DerElement = {
  /** Class as in the identifier octet: 0 universal, 2 context-specific. */
  class: number
  /** Tag number. */
  number: number
  content: Buffer
}

/** The elements that follow each other in these bytes. @throws when they are cut short or of indefinite length */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = readTag(bytes, at)
    const length = readLength(bytes, tag.end)
    const end = length.end + length.value
    if (end > bytes.length) throw new Error('DER that is cut short')
    elements.push({ class: tag.class, number: tag.number, content: bytes.subarray(length.end, end) })
    at = end
  }
  return elements
}

function readTag(bytes: Buffer, start: number): { class: number; number: number; end: number } {
  const first = bytes.readUInt8(start)
  const kind = first >> 6
  if ((first & 0x1f) !== 0x1f) return { class: kind, number: first & 0x1f, end: start + 1 }
  let number = 0
  for (let at = start + 1; at <= start + 4; at++) {
    const octet = bytes.readUInt8(at)
    number = number * 128 + (octet & 0x7f)
    if (octet < 0x80) return { class: kind, number, end: at + 1 }
  }
  throw new Error('DER with a tag number out of reason')
}

function readLength(bytes: Buffer, start: number): { value: number; end: number } {
  const first = bytes.readUInt8(start)
  if (first < 0x80) return { value: first, end: start + 1 }
  const octets = first & 0x7f
  if (octets === 0 || octets > 4) throw new Error('DER with a length out of reason')
  return { value: bytes.readUIntBE(start + 1, octets), end: start + 1 + octets }
}
