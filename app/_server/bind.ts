import { house } from './house.ts'

type Handler = (request: Request) => Promise<Response>

type Handlers = Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', Handler>

/**
 * Bind a path of the route table to Next's route handlers, so that the Next app provides the full API too; which
 * methods there are, and everything else, is the table's business.
 *
 * @param path  as in the table, e.g. `/v1/devices/:id`
 */
export function bind(path: string): Handlers {
  const answer: Handler = async (request) => {
    const { ctx, table } = house()
    const match = table.find(new URL(request.url).pathname)
    if (match?.route.path !== path) return Response.json({ error: 'Not found' }, { status: 404 })
    return table.answer(ctx, match, request, peerOf(request))
  }
  return { GET: answer, HEAD: answer, POST: answer, PUT: answer, PATCH: answer, DELETE: answer, OPTIONS: answer }
}

/** Who called, as the front door wrote it down; it throws a client's own header away. */
function peerOf(request: Request): { address: string; secure: boolean } {
  const { address, secure } = JSON.parse(request.headers.get('x-hearthkeep-peer') ?? '{}')
  return { address: String(address ?? ''), secure: secure === true }
}
