import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { password } from './cloud.ts'
import { type StartOptions, startServer, type TestServer } from './server.ts'

/** Nothing resolves it: tests say themselves where it leads. */
export const hostname = 'hearth.test'

/** Set up, with HTTPS on a port of its own. */
export const houseEnv = {
  HEARTHKEEP_ADMIN_EMAIL: 'mum@home.test',
  HEARTHKEEP_ADMIN_PASSWORD: password,
  HEARTHKEEP_HOSTNAME: hostname,
  HEARTHKEEP_HTTPS_PORT: '0',
  HEARTHKEEP_REGISTRATION: 'open',
}

export function startHouse({ env, ...options }: StartOptions = {}): Promise<TestServer> {
  return startServer({ ...options, env: { ...houseEnv, ...env } })
}

/** As the server wrote it into run.json. */
export function httpsOf(server: TestServer): string {
  const { https } = JSON.parse(readFileSync(join(server.dataFolder, 'run.json'), 'utf8')) as { https: string | null }
  if (!https) throw new Error('HTTPS is off')
  return https
}

export function httpsPort(server: TestServer): number {
  return Number(new URL(httpsOf(server)).port)
}

/** The CA's certificate as it lies in the data folder. */
export function caOf(server: TestServer): string {
  return new X509Certificate(readFileSync(join(server.dataFolder, 'tls', 'ca.pem'))).toString()
}

/** The certificate that a new connection is shown now, whether it is trusted or not. */
export function shownCertificate(server: TestServer): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: httpsPort(server), servername: hostname, rejectUnauthorized: false },
      () => {
        const shown = socket.getPeerX509Certificate()
        socket.destroy()
        if (shown) resolve(shown)
        else reject(new Error('No certificate was shown'))
      },
    )
    socket.on('error', reject)
  })
}

export type PlainAnswer = { status: number; headers: IncomingHttpHeaders; body: string }

export type Ask = { method?: string; path: string; headers?: Record<string, string>; body?: string }

/** Over HTTP/1.1 by the server's name, trusting its CA alone. */
export function askSecurely(server: TestServer, { path, ...ask }: Ask, ca = caOf(server)): Promise<PlainAnswer> {
  const options = { host: '127.0.0.1', port: httpsPort(server), servername: hostname, ca, path, agent: false }
  return collect(
    httpsRequest({ ...options, method: ask.method ?? 'GET', headers: { host: hostname, ...ask.headers } }),
    ask,
  )
}

/** Over plain HTTP to any of this machine's loopback addresses; all but 127.0.0.1 stand for the house. */
export function askPlainly(server: TestServer, address: string, ask: Ask): Promise<PlainAnswer> {
  const { port } = new URL(server.url)
  const { path, method = 'GET', headers = {} } = ask
  return collect(httpRequest({ host: address, port, path, method, headers, agent: false }), ask)
}

/** A session of HTTP/2 that trusts the server's CA alone. */
export function openHttp2(server: TestServer): ClientHttp2Session {
  return connectHttp2(`https://${hostname}:${httpsPort(server)}`, {
    ca: caOf(server),
    createConnection: () =>
      connect({
        host: '127.0.0.1',
        port: httpsPort(server),
        servername: hostname,
        ca: caOf(server),
        ALPNProtocols: ['h2'],
      }),
  })
}

export type Http2Answer = { headers: Record<string, unknown>; body: Buffer }

export function askHttp2(
  session: ClientHttp2Session,
  headers: Record<string, string | number>,
  body?: Uint8Array,
): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined })
    const parts: Buffer[] = []
    let answered: Record<string, unknown> = {}
    stream.on('response', (given) => {
      answered = given
    })
    stream.on('data', (part) => parts.push(part))
    stream.on('end', () => resolve({ headers: answered, body: Buffer.concat(parts) }))
    stream.on('error', reject)
    if (body !== undefined) stream.end(body)
  })
}

function collect(request: ReturnType<typeof httpRequest>, { body }: Pick<Ask, 'body'>): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
      response.on('error', reject)
    })
    request.end(body)
  })
}
