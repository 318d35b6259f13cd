import { json } from '#server/http/answers.ts'
import { endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { readOtpSession } from '#server/people/otp-session.ts'
import { isCarried, jsonType, otp as surface } from './errors.ts'
import { readOperation } from './read-operation.ts'
import type { Told } from './run-operation.ts'
import { GraphqlAnswer, GraphqlRequest } from './wire.ts'

const graphql = endpoint({
  surface,
  name: 'graphql',
  summary: 'OTP secrets over GraphQL: register, sign in, add devices and secrets, read them with a device’s password',
  description:
    'The schema answers introspection. Unlike the other backups these are NOT encrypted before they arrive: the server sees a device’s password and its secrets at the moment they are used, and keeps them sealed under that password and a key of its own. Five wrong passwords in fifteen minutes lock a device. `Authorization` holds the token of `signInUser`.',
  security: 'bearer',
  fields: GraphqlRequest,
  answers: {
    200: { description: 'the outcome of the operation, errors in `errors`', schema: GraphqlAnswer },
    400: 'malformed JSON',
    413: 'over 100 KiB',
    429: 'too many requests, or too many wrong account passwords; `Retry-After`',
    503: 'too many passwords are being checked; `Retry-After`',
  },
  async handle({ ctx, request, headers, peer, requestId }) {
    const operation = await readOperation(request)
    // Not before the body, which may take its time: whoever was shut out meanwhile is nobody.
    const actor = await readOtpSession(ctx, headers.get('authorization'))
    // Loaded by the first who asks: GraphQL is a tenth of the start, and many homes never use it.
    const { runOperation } = await import('./run-operation.ts')
    const address = peer.address
    const visit = { ctx, actor, address, userAgent: headers.get('user-agent'), told: 0, turn: Promise.resolve() }
    const told = await runOperation(operation, visit)
    for (const { code, cause } of told.problems)
      if (code === 'server.failed') ctx.log.error({ request: requestId, error: cause }, 'a GraphQL field failed')
    return encode(told)
  },
})

/** 200 whatever happened (otp §1), unless nothing of it could be done for reasons that a client should wait out. */
function encode({ answer, problems }: Told): Response {
  const carried = isEmpty(answer.data) ? problems.find(isCarried) : undefined
  return json(carried?.status ?? 200, answer, { ...jsonType, ...carried?.headers })
}

function isEmpty(data: unknown): boolean {
  return !data || Object.values(data).every((value) => value === null)
}

export const routes: Route[] = [{ path: '/graphql', surface, methods: { POST: graphql } }]
