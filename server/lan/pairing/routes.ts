import { json } from '#server/http/answers.ts'
import { endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { pairing as surface } from './errors.ts'
import { redeemPairing } from './redeem-pairing.ts'
import { pairAnswer, pairBody } from './wire.ts'

const pair = endpoint({
  surface,
  name: 'pair',
  summary: 'Learn whom to trust here, by a pairing code; over plain HTTP too, as the answer proves itself',
  description:
    'The code is shown on `/connect` to who is signed in, and by `hearthkeep pair`. It is good once, for ten minutes and five tries, and signs nobody in.',
  limit: { name: 'pair', perSecond: 1, burst: 20 },
  body: { json: pairBody, limit: 1_024 },
  answers: {
    200: { description: 'who this server is, vouched for by the code', schema: pairAnswer },
    400: 'not JSON',
    409: 'this server has no encrypted way in yet',
    410: 'the code is not good (any more)',
    422: 'not of that shape',
    429: 'too many tries',
  },
  async handle({ ctx, body, peer }) {
    const { reach, mac } = await redeemPairing(ctx, body, peer.address)
    return json(200, {
      addresses: reach.addresses,
      ca: reach.ca?.toString() ?? null,
      fingerprint: reach.ca?.fingerprint256 ?? null,
      mac,
    })
  },
})

export const routes: Route[] = [{ path: '/connect/pair', surface, methods: { POST: pair } }]
