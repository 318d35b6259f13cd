import { readFile } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const compress = promisify(brotliCompress)

/** Close to the smallest, at a tenth of the time that takes. */
const quality = 9

const types: Record<string, string> = {
  js: 'application/javascript; charset=UTF-8',
  css: 'text/css; charset=UTF-8',
}

/** Next names these files by their content, so that they never change. Nothing here leads out of the folder. */
const wanted = /^\/_next\/static\/((?:[\w-]+\/)*[\w.~-]+\.(js|css))$/

/**
 * Scripts and styles as brotli, a seventh smaller than the gzip that Next makes. Each file is compressed once, when it is
 * first asked for; together they are less than a megabyte. Whatever is not among them is the next listener's.
 *
 * @param folder  `.next/static`
 */
export function withBrotliFiles(folder: string, next: RequestListener): RequestListener {
  const made = new Map<string, Promise<Buffer | null>>()

  async function answer(request: IncomingMessage, response: ServerResponse, name: string, type: string) {
    const making = made.get(name) ?? readCompressed(join(folder, name))
    made.set(name, making)
    const body = await making
    if (body === null) {
      // Any name can be asked for; only those that exist are remembered.
      made.delete(name)
      return next(request, response)
    }
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Encoding': 'br',
      'Content-Length': body.length,
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  return (request, response) => {
    const [, name, ending] = wanted.exec((request.url ?? '').split('?', 1)[0] ?? '') ?? []
    const type = types[ending ?? '']
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!name || !type || !isRead || !takesBrotli(request)) return next(request, response)
    void answer(request, response, name, type)
  }
}

/** @returns null when there is no such file, or it cannot be compressed */
async function readCompressed(path: string): Promise<Buffer | null> {
  try {
    const bytes = await readFile(path)
    return await compress(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    })
  } catch {
    return null
  }
}

/** `gzip, br;q=0.8` does, `br;q=0` does not (RFC 9110 §12.5.3). */
function takesBrotli({ headers }: IncomingMessage): boolean {
  const parts = String(headers['accept-encoding'] ?? '').split(',')
  return parts.some((part) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(part))
}
