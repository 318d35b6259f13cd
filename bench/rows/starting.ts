import { join } from 'node:path'
import { startBare } from '#bench/support/bare.ts'
import type { Bench } from '#bench/support/bench.ts'
import { Client, pause } from '#bench/support/client.ts'
import { figuresOf, spelled } from '#bench/support/figures.ts'
import { type Hearthkeep, spawnHearthkeep } from '#bench/support/hearthkeep.ts'
import { cpuSeconds, residentBytes } from '#bench/support/process-figures.ts'
import { limitRow, type Measured } from '#bench/support/row.ts'

const rounds = 5
const settleMilliseconds = 3000
const mostMilliseconds = 30_000

/** Seconds, processor seconds until the first answer, and resident MiB. */
type Round = { fresh: number; again: number; cpu: number; bare: number; idle: number }

/** From spawning the built server to its first 200 of `/health`, on a new data folder and on one it knows. */
export async function measureStarting({ program, folder, say }: Bench): Promise<Measured> {
  const results: Round[] = []
  for (let index = 0; index < rounds; index += 1) {
    const dataFolder = join(folder, `ours-${index}`)
    const start = async (settle: boolean) => {
      const started = performance.now()
      await using server = await spawnHearthkeep(program, { dataFolder })
      await firstAnswer(server)
      const seconds = (performance.now() - started) / 1000
      const cpu = cpuSeconds(server.pid)
      if (settle) await pause(settleMilliseconds)
      return { seconds, cpu, resident: residentBytes(server.pid) }
    }
    const fresh = await start(false)
    const again = await start(true)
    const started = performance.now()
    await using _bare = await startBare(join(folder, `bare-${index}`))
    const bare = (performance.now() - started) / 1000
    results.push({ fresh: fresh.seconds, again: again.seconds, cpu: again.cpu, bare, idle: again.resident / 2 ** 20 })
    say(`start: new ${fresh.seconds.toFixed(2)} s, again ${again.seconds.toFixed(2)} s, bare ${bare.toFixed(2)} s`)
  }
  const column = (name: keyof Round) => figuresOf(results.map((round) => round[name]))
  const rows = [
    limitRow({
      work: 'start to first 200 of `/health`, built, on an existing data folder',
      figure: column('again'),
      atMost: 1.5,
      unit: 's',
      digits: 2,
      detail: `CPU ${spelled(column('cpu'))} s; bare process ${spelled(column('bare'))} s`,
    }),
    limitRow({
      work: 'the same on a new data folder (secrets, migrations)',
      figure: column('fresh'),
      atMost: 1.5,
      unit: 's',
      digits: 2,
      detail: '',
    }),
    limitRow({
      work: 'idle RSS, 3 s after the start',
      figure: column('idle'),
      atMost: 200,
      unit: 'MiB',
      digits: 0,
      detail: program.pages ? 'with the pages prepared' : 'without pages: there was no .next to serve',
    }),
  ]
  return { rows, samples: { results } }
}

async function firstAnswer({ url, process: child }: Hearthkeep): Promise<void> {
  const client = new Client(url)
  for (const started = performance.now(); performance.now() - started < mostMilliseconds; await pause(10)) {
    const reply = await client.ask('/health', { method: 'GET' }).catch(() => null)
    if (reply?.status === 200) return client.close()
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`)
  }
  throw new Error('The server did not answer in 30 s')
}
