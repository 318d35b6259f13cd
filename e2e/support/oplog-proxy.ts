import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What a bad network does to one request. `part` is a fraction of the bytes.
 *
 * - `cut-request`, `cut-answer`: the connection breaks after that part
 * - `lose-answer`: the server did it all, the client hears nothing
 * - `twice`: the server gets it twice at once
 * - `late`: it goes through after a while, when others have overtaken it, and once more at the next `replay`
 */
export type NetworkFault =
  | { kind: 'cut-request' | 'cut-answer'; part: number }
  | { kind: 'refuse' | 'lose-answer' | 'twice' | 'late' | 'none' }

export type BadNetwork = AsyncDisposable & {
  url: string
  /** For the next requests, one each; then the network is good. */
  faults: NetworkFault[]
  /** Send copies of earlier requests again, the last first. */
  replay(): Promise<void>
}

/** @param target  address of the server, asked for every request: it changes when the server restarts */
export async function startBadNetwork(target: () => string): Promise<BadNetwork> {
  const kept: { path: string; body: Buffer }[] = []

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const fault = faults.shift() ?? { kind: 'none' }
    const [path, body] = [incoming.url ?? '/', await buffer(incoming)]
    if (fault.kind === 'refuse') return outgoing.destroy()
    if (fault.kind === 'cut-request') {
      await forward(target(), path, body, Math.floor(body.length * fault.part)).catch(() => {})
      return outgoing.destroy()
    }
    if (fault.kind === 'late') {
      kept.push({ path, body })
      await sleep(20)
    }
    if (fault.kind === 'twice') void forward(target(), path, body).then(drain, () => {})
    const answer = await forward(target(), path, body)
    if (fault.kind === 'lose-answer') {
      await drain(answer)
      return outgoing.destroy()
    }
    const headers = { ...answer.headers, 'transfer-encoding': undefined, 'content-length': undefined }
    const said = Object.entries(headers).filter(([, value]) => value !== undefined)
    if (fault.kind !== 'cut-answer') {
      outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(said))
      for await (const piece of answer) outgoing.write(piece)
      return outgoing.end()
    }
    const whole = await buffer(answer)
    outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(said))
    outgoing.write(whole.subarray(0, Math.floor(whole.length * fault.part)), () => outgoing.destroy())
  }

  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const faults: NetworkFault[] = []
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    async replay() {
      for (const { path, body } of kept.splice(0).reverse()) await forward(target(), path, body).then(drain, () => {})
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** @param cutAfter  bytes of the body after which the connection is broken */
function forward(target: string, path: string, body: Buffer, cutAfter = Infinity): Promise<IncomingMessage> {
  const { hostname, port } = new URL(target)
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'POST', headers, agent: false }, resolve)
    sent.on('error', reject)
    if (cutAfter >= body.length) sent.end(body)
    else sent.write(body.subarray(0, cutAfter), () => setTimeout(() => sent.destroy(new Error('cut')), 5))
  })
}

async function drain(answer: IncomingMessage): Promise<void> {
  for await (const _ of answer);
}
