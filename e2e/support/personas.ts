import { randomBytes } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export const password = 'correct horse battery'

/** An address that no other test has. */
export function freshEmail(): string {
  return `user_${randomBytes(6).toString('hex')}@x.org`
}

export function basic(name: string, secret = password): { Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` }
}

export type Sent = { method?: string; headers?: Record<string, string>; body?: unknown }

/** JSON to a path, or a form when `body` is URLSearchParams. */
export function send(url: string, path: string, { method = 'POST', headers = {}, body }: Sent = {}): Promise<Response> {
  if (body === undefined || body instanceof URLSearchParams) {
    return fetch(url + path, { method, headers, ...(body ? { body } : {}) })
  }
  const type = { 'Content-Type': 'application/json' }
  return fetch(url + path, { method, headers: { ...type, ...headers }, body: JSON.stringify(body) })
}

export type Person = ReturnType<typeof personOf>

/** The personas of somebody, as their client sees them. */
export function personOf(url: string, email: string, secret = password) {
  const auth = basic(email, secret)
  const at = (pid: string) => `${url}/personas/${encodeURIComponent(pid)}`
  return {
    email,
    secret,
    auth,
    list: () => fetch(`${url}/personas`, { headers: auth }),
    put: (pid: string, body: BodyInit | null, headers: Record<string, string> = {}) =>
      fetch(at(pid), {
        method: 'POST',
        headers: { ...auth, 'Content-Type': 'application/zip', ...headers },
        body,
        duplex: 'half',
      } as RequestInit),
    get: (pid: string, headers: Record<string, string> = {}) => fetch(at(pid), { headers: { ...auth, ...headers } }),
    head: (pid: string, headers: Record<string, string> = {}) =>
      fetch(at(pid), { method: 'HEAD', headers: { ...auth, ...headers } }),
    remove: (pid: string, headers: Record<string, string> = {}) =>
      fetch(at(pid), { method: 'DELETE', headers: { ...auth, ...headers } }),
  }
}

/** Somebody new. */
export async function register(url: string, email = freshEmail(), secret = password): Promise<Person> {
  const answer = await send(url, '/accounts', { body: { email, password: secret } })
  if (answer.status !== 200) throw new Error(`registering: ${answer.status} ${await answer.text()}`)
  await answer.arrayBuffer()
  return personOf(url, email, secret)
}

/** `[status, body]` of the failure envelope. */
export function failure(code: number[], message: string): [number, unknown] {
  const [kind = 0, detail = 0] = code
  return [kind * 100 + detail, { failure: { code, message } }]
}

export type RawAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** A request whose path and headers go out as they stand; `fetch` would tidy `..` and add a Content-Type. */
export function rawRequest(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  // Kept open, so that an answer that comes before the body has gone out is not lost in a reset.
  const agent = new Agent({ keepAlive: true })
  return new Promise<RawAnswer>((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  }).finally(() => agent.destroy())
}
