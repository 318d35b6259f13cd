/**
 * A child process that serves S3 from a folder with s3rver: `node s3rver-main.mjs <port> <folder> <bucket>`.
 * Ends when its standard input does, so it never outlives the tests that started it.
 *
 * s3rver ignores `If-None-Match` and `If-Match` on uploads; this answers 412 as Amazon does (stack §8).
 */
import http from 'node:http'
import { createRequire } from 'node:module'

const S3rver = createRequire(import.meta.url)('s3rver')
const [port, folder, bucket] = process.argv.slice(2)

const s3rver = new S3rver({
  directory: folder,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket }],
})
await s3rver.configureBuckets()
const serve = s3rver.callback()

const refusal =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code>' +
  '<Message>At least one of the pre-conditions you specified did not hold</Message></Error>'

/** Paths with a conditional upload under way: the second one at the same time is refused like a later one. */
const writing = new Set()

http
  .createServer(async (request, response) => {
    if (!isConditional(request)) return serve(request, response)
    const path = request.url.split('?')[0]
    if (writing.has(path)) return refuse(request, response)
    writing.add(path)
    response.on('close', () => writing.delete(path))
    return (await isRefused(request)) ? refuse(request, response) : serve(request, response)
  })
  .listen(Number(port), '127.0.0.1')

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))

function refuse(request, response) {
  request.resume()
  response.writeHead(412, { 'content-type': 'application/xml', 'content-length': refusal.length })
  response.end(refusal)
}

function isConditional({ method, headers }) {
  return (method === 'PUT' || method === 'POST') && Boolean(headers['if-none-match'] || headers['if-match'])
}

async function isRefused({ url, headers }) {
  const { 'if-none-match': unlessThere, 'if-match': onlyThis } = headers
  const [, bucketName, ...key] = new URL(url, 'http://localhost').pathname.split('/')
  const found = await s3rver.store.getObject(bucketName, decodeURIComponent(key.join('/'))).catch(() => null)
  found?.content?.destroy?.()
  if (unlessThere === '*') return Boolean(found)
  return onlyThis !== undefined && found?.metadata.etag !== onlyThis
}
