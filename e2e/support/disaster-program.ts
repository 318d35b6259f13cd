import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { until } from './disaster-until.ts'

const program = join(import.meta.dirname, '..', '..', 'dist', 'hearthkeep.mjs')

export type Program = AsyncDisposable & {
  /** Everything it has printed so far. */
  output(): string
  /** Address it says it serves at. @throws when it ends first */
  serving(): Promise<string>
  /** Code it ended with, null after a signal. */
  ended: Promise<number | null>
  stop(): Promise<number | null>
  /** `kill -9`. */
  kill(): Promise<number | null>
}

/** `hearthkeep start` as a person runs it: `startServer` would wait for a run.json that a test may expect not to come. */
export function runProgram(dataFolder: string, env: Record<string, string> = {}): Program {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [program, 'start'], {
    env: { ...withoutOurs(process.env), ...anyPort, HEARTHKEEP_DATA_DIR: dataFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const address = () => /"http":"([^"]+)".*"msg":"serving"/.exec(output)?.[1]
  const end = (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    return ended
  }
  return {
    output: () => output,
    async serving() {
      await until('the program serves or ends', () => address() !== undefined || child.exitCode !== null)
      const url = address()
      if (url === undefined) throw new Error(`The program ended:\n${output}`)
      return url
    },
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async [Symbol.asyncDispose]() {
      await end('SIGTERM')
    },
  }
}

function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('HEARTHKEEP_') && name !== 'PORT')
  return Object.fromEntries(kept) as NodeJS.ProcessEnv
}

const anyPort = { HEARTHKEEP_HTTP_PORT: '0', HEARTHKEEP_HTTPS_PORT: 'off', HEARTHKEEP_RATE_LIMIT: 'off' }
