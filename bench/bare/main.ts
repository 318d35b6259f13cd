// The baseline of design §10: what Node does with the same work when nothing else is asked of it. No routing,
// authentication, versions, hashes, quota, history, log or limits; run as `node bench/bare/main.ts <folder> <port>`.
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat, unlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { verify } from '@node-rs/argon2'
import Sqlite from 'better-sqlite3'

const [folder = '.', port = '0'] = process.argv.slice(2)

const sqlite = new Sqlite(join(folder, 'bare.sqlite'))
sqlite.pragma('journal_mode = WAL')
sqlite.pragma('synchronous = FULL')
sqlite.exec('create table slots (owner text primary key, file text not null, size integer not null)')
const point = sqlite.prepare('insert or replace into slots (owner, file, size) values (?, ?, ?)')

/** Row 1: body → a new file → fsync → one SQLite commit → 200. */
async function commit(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const body = Buffer.concat(parts)
  const name = randomUUID()
  const file = await open(join(folder, name), 'wx')
  await file.writeFile(body)
  await file.sync()
  await file.close()
  point.run(String(request.headers.owner), name, body.length)
  response.writeHead(200, { 'Content-Length': '0' }).end()
}

/** Row 2: body → file, with Node's own pipeline; on top, for information, fsync and the SHA-256 of what passes. */
async function upload(request: IncomingMessage, response: ServerResponse, more: Extras = {}): Promise<void> {
  const file = createWriteStream(large, { flush: more.fsync === true })
  await (more.sha256 ? pipeline(request, hashing, file) : pipeline(request, file))
  response.writeHead(200, { 'Content-Length': '0' }).end()
}

type Extras = { fsync?: true; sha256?: true }

async function* hashing(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  hash.digest()
}

/** Row 3: file → answer. */
async function download(response: ServerResponse): Promise<void> {
  const { size } = await stat(large)
  response.writeHead(200, { 'Content-Length': String(size) })
  await pipeline(createReadStream(large), response)
}

const large = join(folder, 'large')

/** Row 5: the hash of one sign-in and nothing around it. */
const hashed = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'POST /commit':
      return commit(request, response)
    case 'POST /large':
      return upload(request, response)
    case 'POST /large?fsync':
      return upload(request, response, { fsync: true })
    case 'POST /large?fsync&sha256':
      return upload(request, response, { fsync: true, sha256: true })
    case 'GET /large':
      return download(response)
    case 'DELETE /large':
      await unlink(large)
      break
    case 'POST /sign-in':
      await verify(hashed, 'not the password')
  }
  response.writeHead(200, { 'Content-Length': '0' }).end()
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    response.destroy()
  })
})
server.listen(Number(port), '127.0.0.1', () => process.send?.('serving'))
process.once('disconnect', () => process.exit())
