import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBare } from '#bench/support/bare.ts'
import type { Bench } from '#bench/support/bench.ts'
import { Client } from '#bench/support/client.ts'
import { type Figures, figuresOf, percentile, spelled } from '#bench/support/figures.ts'
import { type Hearthkeep, startHearthkeep } from '#bench/support/hearthkeep.ts'
import { seedOperations } from '#bench/support/oplog-store.ts'
import { cpuSeconds, residentBytes, watchPeak } from '#bench/support/process-figures.ts'
import { limitRow, type Measured, type Row, ratioRow } from '#bench/support/row.ts'

const rounds = 7
const asks = 300
const clients = 5
const sizes = { small: 1_000, read: 100_000, large: 1_000_000 }
/** `small` again with as many clients as a key may have by default. */
const mostClients = 1_000

const quotas = { HEARTHKEEP_OPLOG_QUOTA_OPERATIONS: '2000000', HEARTHKEEP_OPLOG_QUOTA_BYTES: '2000000000' }

/**
 * Fetches of a log: with nothing new, when it is short and when it is a thousand times as long; a little new for one
 * client that is far behind in a long log; and all of it, against a bare server piping the same bytes from a file.
 */
export async function measureOperationLog({ program, folder, say }: Bench): Promise<Measured> {
  const dataFolder = join(folder, 'ours')
  {
    await using _first = await startHearthkeep(program, { dataFolder, env: quotas })
  }
  const known = {
    small: seedOperations(dataFolder, { user: 'small', count: sizes.small, clients }),
    read: seedOperations(dataFolder, { user: 'read', count: sizes.read, clients }),
    large: seedOperations(dataFolder, { user: 'large', count: sizes.large, clients }),
    many: seedOperations(dataFolder, { user: 'many', count: sizes.read, clients: mostClients }),
  }
  say('seeded 1 201 000 operations')
  await using ours = await startHearthkeep(program, { dataFolder, env: quotas })
  await using bare = await startBare(join(folder, 'bare'))
  const [client, bareClient] = [new Client(ours.url), new Client(bare.url)]

  const fetch = (user: string, sync_status: Record<string, number>) =>
    client.mustAsk('/sync', jsonPost({ user, client_id: randomUUID(), sync_status }))
  const quiet = async (user: keyof typeof known, status: Record<string, number> = known[user]) => {
    const latencies: number[] = []
    for (let ask = 0; ask < asks; ask += 1) {
      const sent = performance.now()
      await fetch(user, status)
      latencies.push(performance.now() - sent)
    }
    return percentile(latencies, 0.5)
  }
  const [behind = ''] = Object.keys(known.large)
  const oneBehind = { ...known.large, [behind]: sizes.large / clients - 11 }
  const oneFarBehind = { ...known.large, [behind]: sizes.large / clients - 4_001 }

  await quiet('small')
  await quiet('large')
  // The same bytes for the file; the first read is the one that memory grows with.
  const idle = residentBytes(ours.pid)
  const peak = watchPeak(ours.pid)
  const whole = await wholeLog(ours, 'read')
  const grown = peak.stop() - idle
  writeFileSync(join(folder, 'bare', 'large'), whole)

  const results: Round[] = []
  for (let index = 0; index < rounds; index += 1) {
    const short = await quiet('small')
    const long = await quiet('large')
    const many = await quiet('many')
    const ten = await quiet('large', oneBehind)
    const thousands = await timed(ours, () => fetch('large', oneFarBehind), 8 * 4_000)
    const read = await timed(ours, () => fetch('read', {}), whole.length)
    const file = await timed(bare, () => bareClient.mustAsk('/large', { method: 'GET' }), whole.length)
    results.push({ short, long, many, ten, thousands: thousands.seconds * 1000, read, file })
    say(
      `nothing new ${short.toFixed(2)} → ${long.toFixed(2)} ms; all of it ${read.seconds.toFixed(2)} s, file ${file.seconds.toFixed(2)} s`,
    )
  }
  client.close()
  bareClient.close()
  return { rows: rowsOf(results, { bytes: whole.length, grown }), samples: { results, grown } }
}

type Transfer = { seconds: number; cpu: number }
/** Milliseconds but for transfers. */
type Round = {
  short: number
  long: number
  many: number
  ten: number
  thousands: number
  read: Transfer
  file: Transfer
}

function rowsOf(results: Round[], { bytes, grown }: { bytes: number; grown: number }): Row[] {
  const column = (take: (round: Round) => number): Figures => figuresOf(results.map(take))
  const growth = column((round) => round.long / round.short)
  const long = column((round) => round.long)
  const told = (name: 'read' | 'file') =>
    `${spelled(column((round) => round[name].seconds))} s (CPU ${column((round) => round[name].cpu).median.toFixed(2)} s)`
  const information = (work: string, take: (round: Round) => number): Row => ({
    work,
    budget: 'information',
    measured: `${spelled(column(take))} ms`,
    pass: null,
    detail: `p50 of ${asks}`,
  })
  return [
    {
      work: '`/sync` fetch-only with nothing new, 1 000 → 1 000 000 operations',
      budget: 'p50 grows ≤ 1.2 ×; ≤ 5 ms',
      measured: `${spelled(growth)} ×; ${spelled(long)} ms`,
      pass: growth.median <= 1.2 && long.median <= 5,
      detail: `${clients} clients; 1 000 operations ${spelled(column((round) => round.short))} ms`,
    },
    information(`… with ${mostClients} clients in the log and in \`sync_status\``, (round) => round.many),
    information('… with 10 new operations of 1 000 000', (round) => round.ten),
    {
      ...information('… with 4 000 new operations of 1 000 000, to the last byte', (round) => round.thousands),
      detail: 'one fetch a round',
    },
    {
      ...ratioRow({
        work: `\`/sync\` full read of 100 000 operations (${(bytes / 2 ** 20).toFixed(0)} MiB)`,
        ratio: column((round) => round.file.seconds / round.read.seconds),
        atLeast: 0.5,
        detail: `ours ${told('read')}; bare pipe from a file ${told('file')}`,
      }),
      budget: '≥ 0.5 × a static file',
    },
    limitRow({
      work: 'memory growth during the first such read',
      figure: figuresOf([grown / 2 ** 20]),
      atMost: 64,
      unit: 'MiB',
      digits: 0,
      detail: '',
    }),
  ]
}

async function timed(
  server: { pid: number },
  transfer: () => Promise<{ bytes: number }>,
  atLeast: number,
): Promise<Transfer> {
  const cpu = cpuSeconds(server.pid)
  const started = performance.now()
  const { bytes } = await transfer()
  if (bytes < atLeast) throw new Error(`an answer brought ${bytes} bytes of ${atLeast}`)
  return { seconds: (performance.now() - started) / 1000, cpu: cpuSeconds(server.pid) - cpu }
}

async function wholeLog({ url }: Hearthkeep, user: string): Promise<Buffer> {
  const { method, headers, body } = jsonPost({ user, client_id: randomUUID() })
  return Buffer.from(await (await globalThis.fetch(`${url}/sync`, { method, headers, body })).arrayBuffer())
}

function jsonPost(value: unknown) {
  const body = Buffer.from(JSON.stringify(value))
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body } as const
}
