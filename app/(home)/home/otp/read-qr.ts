import type { Image } from 'qr/decode.js'

type Source = HTMLVideoElement | ImageBitmap

/** Reads the QR codes that are to be seen; the texts in them, none when there are none. */
export type ReadQr = (source: Source) => Promise<string[]>

/** What some browsers can do by themselves (https://wicg.github.io/shape-detection-api/). */
type Detector = { detect(source: Source): Promise<Array<{ rawValue: string }>> }
type DetectorClass = (new (options: { formats: string[] }) => Detector) & { getSupportedFormats(): Promise<string[]> }

/** Pixels of the longer side: enough for the densest codes in a photo. Large photos are tried smaller first. */
const sides = [1200, 3000]
/** A camera makes another picture at once, so each one is looked at only briefly. */
const cameraSide = 960
/** Milliseconds for a picture that somebody waits for. */
const patience = 1500

/** For a camera: the browser's own reader where there is one that works, else ours. */
export async function cameraReader(): Promise<ReadQr> {
  const own = await nativeReader()
  if (own) return own
  const { decodeQR } = await import('qr/decode.js')
  return async (video) => {
    try {
      return [decodeQR(pixelsOf(video, cameraSide))]
    } catch {
      return []
    }
  }
}

/** All QR codes in a picture from a file. @throws when it is no picture */
export async function readQrPicture(picture: Blob): Promise<string[]> {
  const bitmap = await createImageBitmap(picture)
  try {
    const native = await (await nativeReader())?.(bitmap)
    if (native && native.length > 0) return native
    const { decodeQRBatch } = await import('qr/decode.js')
    for (const side of sides) {
      const [found = []] = await decodeQRBatch([pixelsOf(bitmap, side)], { timeLimit: patience, effort: 2 })
      const texts = found.filter((text) => typeof text === 'string')
      if (texts.length > 0) return [...new Set(texts)]
      if (Math.max(bitmap.width, bitmap.height) <= side) break
    }
    return []
  } finally {
    bitmap.close()
  }
}

/** Null where the browser has none; some have one that knows no QR codes. */
async function nativeReader(): Promise<ReadQr | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  try {
    const formats = (await BarcodeDetector?.getSupportedFormats()) ?? []
    if (!BarcodeDetector || !formats.includes('qr_code')) return null
    const detector = new BarcodeDetector({ formats: ['qr_code'] })
    return async (source) => (await detector.detect(source)).map(({ rawValue }) => rawValue)
  } catch {
    return null
  }
}

/** On white, for pictures that one can see through. */
function pixelsOf(source: Source, longest: number): Image {
  const [width, height] =
    'videoWidth' in source ? [source.videoWidth, source.videoHeight] : [source.width, source.height]
  const scale = Math.min(1, longest / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser does not draw')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}
