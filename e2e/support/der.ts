/** DER (X.690), as much of it as a certificate needs. */

function element(identifier: Buffer, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? Buffer.of(length) : Buffer.of(0x82, length >> 8, length & 0xff)
  return Buffer.concat([identifier, size, content])
}

export function sequence(...parts: Buffer[]): Buffer {
  return element(Buffer.of(0x30), Buffer.concat(parts))
}

export function set(...parts: Buffer[]): Buffer {
  return element(Buffer.of(0x31), Buffer.concat(parts))
}

/** An explicit tag, up to 16 383. */
export function tagged(number: number, content: Buffer): Buffer {
  if (number < 31) return element(Buffer.of(0xa0 | number), content)
  return element(Buffer.of(0xbf, 0x80 | (number >> 7), number & 0x7f), content)
}

/** Not negative. */
export function integer(value: number): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return element(Buffer.of(2), (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

export function bitString(bytes: Buffer): Buffer {
  return element(Buffer.of(3), Buffer.concat([Buffer.of(0), bytes]))
}

export function octets(bytes: Buffer): Buffer {
  return element(Buffer.of(4), bytes)
}

export function printable(text: string): Buffer {
  return element(Buffer.of(0x13), Buffer.from(text))
}

/** UTCTime. */
export function time(text: string): Buffer {
  return element(Buffer.of(0x17), Buffer.from(text))
}

/** A GeneralName. */
export function uri(text: string): Buffer {
  return element(Buffer.of(0x86), Buffer.from(text))
}

/** An object identifier in dotted numbers. */
export function object(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(Buffer.of(6), Buffer.concat([first * 40 + second, ...rest].map(base128)))
}

function base128(value: number): Buffer {
  const octets = [value & 0x7f]
  for (let left = value >>> 7; left > 0; left >>>= 7) octets.unshift(0x80 | (left & 0x7f))
  return Buffer.from(octets)
}
