import type { ServerResponse } from 'node:http'
import type { Chunks } from '#server/blobs/blob-store.ts'

/**
 * Send a streamed answer by Node's own response, as a Web stream in between costs as much as everything else. While one
 * chunk is on its way the next one is read, and no more than that.
 *
 * A client that goes away ends the chunks. Chunks that fail cut the connection, so that nobody takes them for whole; if
 * not even the first one came, the answer is 500.
 *
 * @returns when the last byte is handed over, or nobody wants it any more; never throws
 */
export async function sendChunks(response: ServerResponse, answer: Response, chunks: Chunks): Promise<void> {
  const gone = new Promise<void>((resolve) => response.once('close', resolve))
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    let step = await iterator.next()
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    while (!step.done && !response.destroyed) {
      const next = iterator.next()
      // It is awaited below; until then its failure is nobody's.
      next.catch(() => {})
      if (!response.write(step.value)) await Promise.race([drained(response), gone])
      step = await next
    }
    if (!response.destroyed) response.end()
  } catch (error) {
    if (response.headersSent) response.destroy(error as Error)
    else response.writeHead(500, { 'Content-Length': '0' }).end()
  } finally {
    // Not awaited: a reader that is stuck answers only when its store does.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve))
}
