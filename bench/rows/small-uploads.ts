import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { startBare } from '#bench/support/bare.ts'
import type { Bench } from '#bench/support/bench.ts'
import { Client } from '#bench/support/client.ts'
import { type CloudUser, signUp, uploadHeaders } from '#bench/support/cloud-users.ts'
import { figuresOf, percentile, spelled } from '#bench/support/figures.ts'
import { startHearthkeep } from '#bench/support/hearthkeep.ts'
import { cpuSeconds, watchPeak } from '#bench/support/process-figures.ts'
import { type Measured, ratioRow } from '#bench/support/row.ts'

const clients = 16
const bytes = 2048
const rounds = 6
const roundMilliseconds = 2000

/** `cpu`: processor milliseconds the server used for one overwrite. */
type Round = { perSecond: number; cpu: number; latencies: number[] }

/**
 * 2 KiB overwrites, durable before they are acknowledged, from 16 people at once; against a bare server that writes
 * a file, syncs it and commits one SQLite transaction a request.
 */
export async function measureSmallUploads({ program, folder, say }: Bench): Promise<Measured> {
  await using ours = await startHearthkeep(program, { dataFolder: join(folder, 'ours') })
  await using bare = await startBare(join(folder, 'bare'))
  const names = Array.from({ length: clients }, (_, index) => `phone_${index}`)
  const users = await signUp(ours.url, names)
  const bareClients = names.map((owner) => ({ owner, client: new Client(bare.url) }))

  const overwrite = async (user: CloudUser, body: Buffer) => {
    const reply = await user.client.mustAsk('/v1/backup', { method: 'POST', headers: uploadHeaders(user), body })
    user.etag = String(reply.headers.etag)
  }
  const runOurs = () =>
    round(
      ours.pid,
      users.map((user) => (body) => overwrite(user, body)),
    )
  const runBare = () =>
    round(
      bare.pid,
      bareClients.map(({ owner, client }) => async (body) => {
        await client.mustAsk('/commit', { method: 'POST', headers: { owner }, body })
      }),
    )

  await runOurs()
  await runBare()
  const peak = watchPeak(ours.pid)
  const pairs: Array<{ ours: Round; bare: Round }> = []
  for (let index = 0; index < rounds; index += 1) {
    // The order turns with every round, so that neither side always runs in the other's wake.
    const first = index % 2 === 0 ? await runOurs() : null
    const baseline = await runBare()
    const pair = { ours: first ?? (await runOurs()), bare: baseline }
    pairs.push(pair)
    say(`overwrites: ${pair.ours.perSecond.toFixed(0)} a second, bare ${pair.bare.perSecond.toFixed(0)}`)
  }
  const peakBytes = peak.stop()
  for (const { client } of [...users, ...bareClients]) client.close()

  const side = (name: 'ours' | 'bare') => {
    const perSecond = figuresOf(pairs.map((pair) => pair[name].perSecond))
    const latencies = pairs.flatMap((pair) => pair[name].latencies)
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(latencies, share).toFixed(1))
    const cpu = figuresOf(pairs.map((pair) => pair[name].cpu))
    return `${spelled(perSecond, 0)}/s, p50 ${p50} ms, p99 ${p99} ms, CPU ${cpu.median.toFixed(1)} ms each`
  }
  const row = ratioRow({
    work: '2 KiB `/v1/backup` overwrite, durable, 16 clients',
    ratio: figuresOf(pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond)),
    atLeast: 0.5,
    detail: `ours ${side('ours')}; bare ${side('bare')}; peak RSS ${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
  })
  const withoutLatencies = ({ perSecond, cpu }: Round) => ({ perSecond, cpu })
  const results = pairs.map((pair) => ({ ours: withoutLatencies(pair.ours), bare: withoutLatencies(pair.bare) }))
  return { rows: [row], samples: { results, peakBytes } }
}

/** Every client sends as soon as its last answer came, until the time is over. */
async function round(pid: number, overwrites: Array<(body: Buffer) => Promise<void>>): Promise<Round> {
  const latencies: number[] = []
  const cpu = cpuSeconds(pid)
  const started = performance.now()
  const deadline = started + roundMilliseconds
  const one = async (overwrite: (body: Buffer) => Promise<void>) => {
    const body = randomBytes(bytes)
    while (performance.now() < deadline) {
      const sent = performance.now()
      body.writeDoubleLE(sent)
      await overwrite(body)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(overwrites.map(one))
  return {
    perSecond: (latencies.length / (performance.now() - started)) * 1000,
    cpu: ((cpuSeconds(pid) - cpu) / latencies.length) * 1000,
    latencies,
  }
}
