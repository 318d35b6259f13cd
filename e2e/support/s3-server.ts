import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { findVersitygw } from './s3-versitygw.ts'

export type S3Account = {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  bucket: string
}

export type S3Server = S3Account & {
  /** s3rver cannot list, and so not prove the absence of, open multipart uploads; an external server cannot be stopped. */
  readonly kind: 'external' | 'versitygw' | 's3rver'
  /** End the server and remove its data. */
  stop(): Promise<void>
  /** Stop answering but keep connections, as a hanging machine does. */
  pause(): void
  resume(): void
  /** `kill -9`; the data stays. */
  kill(): Promise<void>
  /** Serve the same data on the same port again. */
  restart(): Promise<void>
}

const region = 'us-east-1'
const startLimit = 20_000
let announced = false

/**
 * Start a real S3 server with an empty bucket: the one at `S3_TEST_ENDPOINT` (with `S3_TEST_ACCESS_KEY_ID`,
 * `S3_TEST_SECRET_ACCESS_KEY`, `S3_TEST_REGION`, `S3_TEST_BUCKET`) if set, else versitygw, else s3rver.
 */
export async function startS3Server(): Promise<S3Server> {
  if (process.env.S3_TEST_ENDPOINT) return external(process.env.S3_TEST_ENDPOINT)

  const versitygw = await findVersitygw()
  announce(versitygw ? `versitygw ${versitygw.version}` : `s3rver ${s3rverVersion()}`)
  const folder = await mkdtemp(join(tmpdir(), 'hearthkeep-s3-'))
  const port = await freePort()
  const account: S3Account = {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    // s3rver knows this one account only.
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    bucket: 'hearthkeep-test',
  }
  const launch = versitygw
    ? () => launchVersitygw(versitygw.binary, folder, port, account)
    : async () => launchS3rver(folder, port, account)
  const kind = versitygw ? 'versitygw' : 's3rver'
  try {
    return await served(kind, account, folder, launch)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function served(kind: S3Server['kind'], account: S3Account, folder: string, launch: () => Promise<Running>) {
  let running = await launch()
  const start = async () => {
    await answers(account.endpoint)
    if (kind !== 's3rver') await makeBucket(account)
  }
  await start().catch(async (error) => {
    await running.kill()
    throw error
  })
  const server: S3Server = {
    ...account,
    kind,
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    kill: () => running.kill(),
    restart: async () => {
      await running.kill()
      running = await launch()
      await answers(account.endpoint)
    },
    stop: async () => {
      await running.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return server
}

type Running = { signal(name: NodeJS.Signals): void; kill(): Promise<void> }

/**
 * versitygw does not watch its parent, so a shell does: it ends the server when its own input ends, which happens
 * even when this process is killed. The sidecar folder spares us file systems without extended attributes.
 */
async function launchVersitygw(binary: string, folder: string, port: number, account: S3Account): Promise<Running> {
  const data = join(folder, 'data')
  const sidecar = join(folder, 'metadata')
  await mkdir(data, { recursive: true })
  await mkdir(sidecar, { recursive: true })
  const watch = '"$@" </dev/null >/dev/null 2>&1 & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null; wait'
  const serve = [
    '--port',
    `127.0.0.1:${port}`,
    '--region',
    region,
    '--quiet',
    '--keep-alive',
    'posix',
    '--sidecar',
    sidecar,
    data,
  ]
  const env = { ...process.env, ROOT_ACCESS_KEY: account.accessKeyId, ROOT_SECRET_KEY: account.secretAccessKey }
  const shell = spawn('sh', ['-c', watch, 'sh', binary, ...serve], { stdio: ['pipe', 'pipe', 'ignore'], env })
  const [line] = await once(shell.stdout, 'data')
  return watched(shell, Number(line))
}

function launchS3rver(folder: string, port: number, account: S3Account): Running {
  const main = join(import.meta.dirname, 's3rver-main.mjs')
  const child = spawn(process.execPath, [main, String(port), folder, account.bucket], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return watched(child, child.pid ?? 0)
}

/** @param pid  of the server itself; `child` may be the shell that watches it */
function watched(child: ChildProcess, pid: number): Running {
  const ended = once(child, 'exit')
  let alive = pid > 0
  const signal = (name: NodeJS.Signals) => {
    if (alive) process.kill(pid, name)
  }
  const atExit = () => {
    try {
      signal('SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  process.once('exit', atExit)
  return {
    signal,
    async kill() {
      atExit()
      alive = false
      process.off('exit', atExit)
      child.stdin?.end()
      await ended
    },
  }
}

async function external(endpoint: string): Promise<S3Server> {
  const account: S3Account = {
    endpoint,
    region: process.env.S3_TEST_REGION ?? region,
    accessKeyId: process.env.S3_TEST_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.S3_TEST_SECRET_ACCESS_KEY ?? '',
    bucket: process.env.S3_TEST_BUCKET ?? `hearthkeep-test-${randomBytes(4).toString('hex')}`,
  }
  announce(`external, ${new URL(endpoint).host}`)
  if (!process.env.S3_TEST_BUCKET) await makeBucket(account)
  const cannot = () => {
    throw new Error('an external S3 server cannot be stopped by a test')
  }
  return {
    ...account,
    kind: 'external',
    stop: async () => {},
    pause: cannot,
    resume: cannot,
    kill: cannot,
    restart: cannot,
  }
}

async function makeBucket({ bucket, accessKeyId, secretAccessKey, ...account }: S3Account): Promise<void> {
  const client = new S3Client({ ...account, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
}

/** Any HTTP answer will do, 403 included. */
async function answers(endpoint: string): Promise<void> {
  for (const deadline = Date.now() + startLimit; Date.now() < deadline; await sleep(50)) {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
    await answer?.body?.cancel()
    if (answer) return
  }
  throw new Error(`the S3 test server did not answer within ${startLimit / 1000} s`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

function s3rverVersion(): string {
  return (createRequire(import.meta.url)('s3rver/package.json') as { version: string }).version
}

function announce(what: string): void {
  if (!announced) console.log(`S3 test server: ${what}`)
  announced = true
}
