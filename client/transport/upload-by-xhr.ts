import type { OnProgress } from './upload-body.ts'

export type XhrUpload = {
  url: string
  method: string
  headers: Headers
  body: string | Uint8Array<ArrayBuffer> | Blob
  withCredentials: boolean
  signal: AbortSignal
  onProgress: OnProgress
}

/** Statuses whose `Response` must not have a body. */
const bodyless = [101, 204, 205, 304]

/**
 * An upload in a browser with progress, which `fetch` cannot report. Looks like `fetch` from outside.
 *
 * @throws TypeError when the server could not be reached (as `fetch` does); the signal's reason when aborted
 */
export function uploadByXhr(upload: XhrUpload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const abort = () => xhr.abort()
    const finish = (settle: () => void) => {
      upload.signal.removeEventListener('abort', abort)
      settle()
    }
    xhr.open(upload.method, upload.url)
    xhr.responseType = 'arraybuffer'
    xhr.withCredentials = upload.withCredentials
    upload.headers.forEach((value, name) => {
      xhr.setRequestHeader(name, value)
    })
    xhr.upload.onprogress = ({ loaded, total, lengthComputable }) =>
      upload.onProgress({ loaded, total: lengthComputable ? total : null })
    xhr.onerror = () => finish(() => reject(new TypeError('The upload failed')))
    xhr.onabort = () => finish(() => reject(upload.signal.reason))
    xhr.onload = () => finish(() => resolve(responseFrom(xhr, upload.url)))
    if (upload.signal.aborted) return reject(upload.signal.reason)
    upload.signal.addEventListener('abort', abort, { once: true })
    xhr.send(upload.body)
  })
}

function responseFrom(xhr: XMLHttpRequest, asked: string): Response {
  // XHR follows redirects by itself; the caller must learn of it as it would from fetch.
  if (xhr.responseURL !== '' && new URL(xhr.responseURL).href !== new URL(asked).href) {
    return new Response(null, { status: 307, headers: { Location: xhr.responseURL } })
  }
  const headers = new Headers()
  for (const line of xhr
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const body = bodyless.includes(xhr.status) ? null : (xhr.response as ArrayBuffer)
  return new Response(body, { status: xhr.status, headers })
}
