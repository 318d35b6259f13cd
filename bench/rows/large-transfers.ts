import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { startBare } from '#bench/support/bare.ts'
import type { Bench } from '#bench/support/bench.ts'
import { Client, pause, type Reply } from '#bench/support/client.ts'
import { signUp, uploadHeaders } from '#bench/support/cloud-users.ts'
import { startHearthkeep } from '#bench/support/hearthkeep.ts'
import { cpuSeconds, residentBytes, watchPeak } from '#bench/support/process-figures.ts'
import type { Measured } from '#bench/support/row.ts'
import { type Peaks, type Round, type Sample, transferRows } from './transfer-rows.ts'

const mebibyte = 1024 * 1024
const bytes = 100 * mebibyte
const rounds = 7
const settleMilliseconds = 2500

/**
 * 100 MiB to and from the server as a stream, against a bare server piping to and from a file, and how far our
 * memory grows over idle meanwhile.
 */
export async function measureLargeTransfers({ program, folder, say }: Bench): Promise<Measured> {
  await using ours = await startHearthkeep(program, {
    dataFolder: join(folder, 'ours'),
    env: { HEARTHKEEP_SLOT_MAX_BYTES: String(bytes), HEARTHKEEP_QUOTA_BYTES: String(100 * bytes) },
  })
  await using bare = await startBare(join(folder, 'bare'))
  const [user] = await signUp(ours.url, ['tablet'])
  if (!user) throw new Error('nobody signed up')
  const client = new Client(bare.url)
  const repeat = { chunk: randomBytes(mebibyte), bytes }

  await pause(settleMilliseconds)
  const peaks: Peaks = { idle: residentBytes(ours.pid), uploads: 0, downloads: 0 }

  const upload = async () => {
    const watch = watchPeak(ours.pid)
    const [sample, reply] = await timed(ours.pid, () =>
      user.client.mustAsk('/v1/backup', { method: 'POST', headers: uploadHeaders(user), repeat }),
    )
    user.etag = String(reply.headers.etag)
    peaks.uploads = Math.max(peaks.uploads, watch.stop())
    return sample
  }
  const download = async () => {
    const { authorization } = user
    const watch = watchPeak(ours.pid)
    const [sample, reply] = await timed(ours.pid, () =>
      user.client.mustAsk('/v1/backup', { method: 'GET', headers: { authorization } }),
    )
    if (reply.bytes !== bytes) throw new Error(`a download brought ${reply.bytes} bytes`)
    peaks.downloads = Math.max(peaks.downloads, watch.stop())
    return sample
  }
  const bareUpload = async (extras = '') => {
    // A new file each time; what was not synced is dropped while still in memory, so that it is not written out in
    // somebody else's round.
    await client.mustAsk('/large', { method: 'DELETE' })
    const [sample] = await timed(bare.pid, () => client.mustAsk(`/large${extras}`, { method: 'POST', repeat }))
    return sample
  }
  const bareDownload = async () => {
    const [sample] = await timed(bare.pid, () => client.mustAsk('/large', { method: 'GET' }))
    return sample
  }

  await client.mustAsk('/large', { method: 'POST', repeat })
  const results: Round[] = []
  for (let index = 0; index <= rounds; index += 1) {
    // The order turns with every round, so that neither side always runs in the other's wake.
    const [first, second] = index % 2 === 0 ? [upload, bareUpload] : [bareUpload, upload]
    const up = [await first(), await second()]
    const hashedUpload = await bareUpload('?fsync&sha256')
    const syncedUpload = await bareUpload('?fsync')
    const [firstDown, secondDown] = index % 2 === 0 ? [download, bareDownload] : [bareDownload, download]
    const down = [await firstDown(), await secondDown()]
    if (index % 2 === 1) for (const pair of [up, down]) pair.reverse()
    const round = {
      upload: up[0] as Sample,
      bareUpload: up[1] as Sample,
      syncedUpload,
      hashedUpload,
      download: down[0] as Sample,
      bareDownload: down[1] as Sample,
    }
    say(spokenRound(round))
    // The first round warms both sides up; its memory counts, its times do not.
    if (index > 0) results.push(round)
  }
  user.client.close()
  client.close()
  return { rows: transferRows(results, peaks), samples: { results, peaks } }
}

async function timed(pid: number, work: () => Promise<Reply>): Promise<[Sample, Reply]> {
  const cpu = cpuSeconds(pid)
  const started = performance.now()
  const reply = await work()
  return [{ seconds: (performance.now() - started) / 1000, cpu: cpuSeconds(pid) - cpu }, reply]
}

function spokenRound(round: Round): string {
  const ms = (name: keyof Round) => `${(round[name].seconds * 1000).toFixed(0)} ms`
  return `100 MiB up ${ms('upload')}, bare ${ms('bareUpload')} (synced ${ms('syncedUpload')}, hashed too ${ms('hashedUpload')}); down ${ms('download')}, bare ${ms('bareDownload')}`
}
