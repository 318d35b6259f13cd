import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

/** A grey picture, one byte a pixel: 0 is black. */
type Picture = { width: number; height: number; pixels: Uint8Array }

/** A QR code as sites show them, with its quiet zone. @param scale  pixels of a module */
export function drawQr(text: string, scale = 5): Picture {
  const { data, size } = encode(text, { ecc: 'L', border: 4 })
  const side = size * scale
  const pixels = new Uint8Array(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels[y * side + x] = data[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? 0 : 255
  return { width: side, height: side, pixels }
}

/** A picture in the middle of a grey one, as before a camera or on a screenshot. */
export function onBackground({ width, height, pixels }: Picture, wide: number, high: number): Picture {
  const all = new Uint8Array(wide * high).fill(150)
  const [left, top] = [Math.floor((wide - width) / 2), Math.floor((high - height) / 2)]
  for (let y = 0; y < height; y++) all.set(pixels.subarray(y * width, (y + 1) * width), (top + y) * wide + left)
  return { width: wide, height: high, pixels: all }
}

/** RFC 2083, greyscale of 8 bits, without filters. */
export function pngOf({ width, height, pixels }: Picture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const lines = Buffer.concat(
    Array.from({ length: height }, (_, y) => Buffer.from([0, ...pixels.subarray(y * width, (y + 1) * width)])),
  )
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A video for Chromium's fake camera (YUV4MPEG2), which it shows over and over: each picture for a second. */
export function videoOf(pictures: Picture[]): Buffer {
  const { width = 0, height = 0 } = pictures[0] ?? {}
  const noColour = Buffer.alloc((width / 2) * (height / 2) * 2, 128)
  const frames = pictures.flatMap(({ pixels }) =>
    Array.from({ length: 10 }, () => Buffer.concat([Buffer.from('FRAME\n'), pixels, noColour])),
  )
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), ...frames])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
