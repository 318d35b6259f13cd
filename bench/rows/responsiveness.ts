import { join } from 'node:path'
import { startBare } from '#bench/support/bare.ts'
import type { Bench } from '#bench/support/bench.ts'
import { Client, pause } from '#bench/support/client.ts'
import { signInRequest, signUp } from '#bench/support/cloud-users.ts'
import { type Figures, figuresOf, percentile, spelled } from '#bench/support/figures.ts'
import { startHearthkeep } from '#bench/support/hearthkeep.ts'
import { limitRow, type Measured, type Row } from '#bench/support/row.ts'

const rounds = 4
const roundMilliseconds = 5000
const probeEvery = 10
const signInEvery = 50

type Probe = { p50: number; p99: number; signIns: number; slowestSignIn: number }

/**
 * How long `/health` takes while 20 people a second sign in. Probes and sign-ins are sent by the clock, whether or not
 * earlier ones were answered, so that a stalled server is not asked less (no coordinated omission). Beside it: the same
 * probes of an idle server, and of a bare server that only hashes as many passwords, which is what this machine allows.
 */
export async function measureResponsiveness({ program, folder, say }: Bench): Promise<Measured> {
  await using ours = await startHearthkeep(program, { dataFolder: join(folder, 'ours') })
  await using bare = await startBare(join(folder, 'bare'))
  for (const user of await signUp(ours.url, ['grandmother'])) user.client.close()

  const signIn = { path: '/v1/sessions', ask: signInRequest('grandmother') }
  const hash = { path: '/sign-in', ask: signInRequest('grandmother') }
  const results: Array<{ idle: Probe; busy: Probe; bare: Probe }> = []
  await probe(ours.url, 1000, signIn)
  for (let index = 0; index < rounds; index += 1) {
    const idle = await probe(ours.url, roundMilliseconds / 2, null)
    const busy = await probe(ours.url, roundMilliseconds, signIn)
    const floor = await probe(bare.url, roundMilliseconds, hash)
    results.push({ idle, busy, bare: floor })
    say(`/health p99: ${ms(busy.p99)} with sign-ins, ${ms(idle.p99)} idle, bare with hashing ${ms(floor.p99)}`)
  }

  const column = (side: keyof (typeof results)[number], name: keyof Probe): Figures =>
    figuresOf(results.map((round) => round[side][name]))
  const told = (side: keyof (typeof results)[number]) =>
    `p50 ${spelled(column(side, 'p50'), 1)} ms, ${spelled(column(side, 'signIns'), 1)} sign-ins/s answered`
  const information = (work: string, side: 'idle' | 'bare'): Row => ({
    work,
    budget: 'information',
    measured: `${spelled(column(side, 'p99'), 1)} ms`,
    pass: null,
    detail: side === 'idle' ? `p50 ${spelled(column(side, 'p50'), 1)} ms` : told(side),
  })
  const rows = [
    limitRow({
      work: 'p99 of `/health` while 20 sign-ins a second run',
      figure: column('busy', 'p99'),
      atMost: 25,
      unit: 'ms',
      detail: `${told('busy')}, slowest ${column('busy', 'slowestSignIn').max.toFixed(0)} ms`,
    }),
    information('p99 of `/health`, idle', 'idle'),
    information('p99 of a bare server that hashes 20 passwords a second', 'bare'),
  ]
  return { rows, samples: { results } }
}

type Load = { path: string; ask: ReturnType<typeof signInRequest> }

async function probe(url: string, milliseconds: number, load: Load | null): Promise<Probe> {
  const probes = clientsFor(url)
  const loaders = clientsFor(url)
  const latencies: number[] = []
  const signIns: number[] = []
  const started = performance.now()
  const every = (gap: number, send: () => Promise<void>) => atClock(started, milliseconds, gap, send)
  const signOne = async ({ path, ask }: Load) => {
    const sent = performance.now()
    await loaders.using((client) => client.mustAsk(path, ask))
    signIns.push(performance.now() - sent)
  }
  const probeOne = async () => {
    const sent = performance.now()
    await probes.using((client) => client.mustAsk('/health', { method: 'GET' }))
    latencies.push(performance.now() - sent)
  }
  await Promise.all([every(probeEvery, probeOne), load ? every(signInEvery, () => signOne(load)) : null])
  const seconds = (performance.now() - started) / 1000
  probes.close()
  loaders.close()
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    signIns: signIns.length / seconds,
    slowestSignIn: Math.max(0, ...signIns),
  }
}

/** Call `send` every `gap` milliseconds by the clock; resolves when all of them are answered. */
async function atClock(started: number, milliseconds: number, gap: number, send: () => Promise<void>): Promise<void> {
  const sent: Array<Promise<void>> = []
  for (let at = 0; at < milliseconds; at += gap) {
    const early = started + at - performance.now()
    if (early > 0) await pause(early)
    sent.push(send())
  }
  await Promise.all(sent)
}

/** As many connections as there are requests under way. */
function clientsFor(url: string) {
  const free: Client[] = []
  const all: Client[] = []
  return {
    async using<T>(work: (client: Client) => Promise<T>): Promise<T> {
      const client = free.pop() ?? new Client(url)
      if (!all.includes(client)) all.push(client)
      try {
        return await work(client)
      } finally {
        free.push(client)
      }
    },
    close() {
      for (const client of all) client.close()
    },
  }
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`
}
