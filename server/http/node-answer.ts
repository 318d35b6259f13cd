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
  let isGone = isClosed(response)
  const gone = new Promise<void>((resolve) =>
    response.once('close', () => {
      isGone = true
      resolve()
    }),
  )
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    let step = await iterator.next()
    if (isGone) return
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    while (!step.done && !isGone) {
      const next = iterator.next()
      // It is awaited below; until then its failure is nobody's.
      next.catch(() => {})
      if (!response.write(step.value)) await Promise.race([drained(response), gone])
      step = await next
    }
    if (!isGone) response.end()
  } catch (error) {
    if (isGone) return
    if (response.headersSent) response.destroy(error as Error)
    else response.writeHead(500, { 'Content-Length': '0' }).end()
  } finally {
    // Not awaited: a reader that is stuck answers only when its store does.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

/** The client may have gone before there was anything to send. Answers by HTTP/2 know it by their stream alone. */
function isClosed(response: ServerResponse & { stream?: { destroyed: boolean } }): boolean {
  return response.destroyed || response.stream?.destroyed === true
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve))
}
