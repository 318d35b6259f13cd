import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = join(import.meta.dirname, '..', '..', 'dist', 'hearthkeep.mjs')
const noPages = join(import.meta.dirname, 'no-pages.mjs')

export type TestServer = AsyncDisposable & {
  url: string
  dataFolder: string
  pid: number
  /** Everything it has printed so far. */
  log(): string
  /** SIGTERM, or SIGKILL for a crash; resolves with the exit code (null after a signal). */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  /** Start again on the same data folder, after `stop`. */
  restart(env?: Record<string, string>): Promise<void>
}

export type StartOptions = {
  env?: Record<string, string>
  /** Use this folder and leave it there at the end. */
  dataFolder?: string
  /** Modules loaded before the program, e.g. to shift its clock. */
  preload?: string[]
  /** Whether it answers pages, which doubles the work of a start. Tests of the wire (vitest.config.ts) have to ask for it. */
  pages?: boolean
  /** A command that runs it, e.g. in another network: `['ip', 'netns', 'exec', 'home']`. */
  through?: string[]
}

/** Start the built server on a data folder and port of its own, and wait until it serves. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'hearthkeep-e2e-'))
  let running = await launch(dataFolder, options)
  return {
    dataFolder,
    get url() {
      return running.url
    },
    get pid() {
      return running.child.pid ?? 0
    },
    log: () => running.output(),
    stop: (signal = 'SIGTERM') => end(running.child, signal),
    async restart(env) {
      running = await launch(dataFolder, { ...options, env: { ...options.env, ...env } })
    },
    async [Symbol.asyncDispose]() {
      await end(running.child, 'SIGTERM')
      if (!options.dataFolder) rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

type Running = { child: ChildProcess; url: string; output(): string }

/** @throws with what the program printed, when it ends before it serves */
async function launch(dataFolder: string, options: StartOptions): Promise<Running> {
  const { env = {}, through = [], pages = process.env.E2E_PAGES !== 'off' } = options
  const preload = [...(options.preload ?? []), ...(pages ? [] : [noPages])]
  const runFile = join(dataFolder, 'run.json')
  rmSync(runFile, { force: true })
  let output = ''
  const own = [process.execPath, ...preload.flatMap((path) => ['--import', path]), program, 'start']
  const [command = '', ...args] = [...through, ...own]
  const child = spawn(command, args, {
    env: { ...withoutOurs(process.env), ...quiet, HEARTHKEEP_DATA_DIR: dataFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  for (let waited = 0; waited < 30_000; waited += 25) {
    if (existsSync(runFile)) {
      const run = JSON.parse(readFileSync(runFile, 'utf8')) as { pid: number; http: string }
      if (run.pid === child.pid) return { child, url: run.http, output: () => output }
    }
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended:\n${output}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  child.kill('SIGKILL')
  throw new Error(`The server did not start:\n${output}`)
}

const quiet = {
  HEARTHKEEP_HTTP_PORT: '0',
  HEARTHKEEP_HTTPS_PORT: 'off',
  HEARTHKEEP_MDNS: 'off',
  HEARTHKEEP_RATE_LIMIT: 'off',
}

function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('HEARTHKEEP_') && name !== 'PORT')
  return Object.fromEntries(kept) as NodeJS.ProcessEnv
}

function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.kill(signal)
  })
}
