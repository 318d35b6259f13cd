import { cameraReader } from './read-qr.ts'

/** Milliseconds between two looks. */
const pause = 120

export type CameraTrouble = 'denied' | 'none' | 'busy'

/**
 * Show the camera in a video and tell each QR code that comes before it, over and over until the signal.
 *
 * @param onStart  once there is a picture
 * @returns what was in the way; null when it ended by the signal
 */
export async function watchCamera(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onStart: () => void,
  onText: (text: string) => void,
): Promise<CameraTrouble | null> {
  let stream: MediaStream | null = null
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 } },
      audio: false,
    })
    const read = await cameraReader()
    if (signal.aborted) return null
    video.srcObject = stream
    await video.play()
    onStart()
    while (!signal.aborted) {
      if (stream.getVideoTracks().some(({ readyState }) => readyState === 'ended')) return 'busy'
      const texts = video.videoWidth > 0 ? await read(video) : []
      for (const text of texts) if (!signal.aborted) onText(text)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
    return null
  } catch (error) {
    return signal.aborted ? null : cameraTroubleOf(error)
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop()
    video.srcObject = null
  }
}

/**
 * By its name alone: WebKit's OverconstrainedError is no DOMException.
 *
 * @param error  what a browser refused the camera with (https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia)
 */
export function cameraTroubleOf(error: unknown): CameraTrouble {
  const { name } = (error ?? {}) as { name?: unknown }
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy'
}
