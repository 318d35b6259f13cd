import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'

export type Child = AsyncDisposable & {
  process: ChildProcess
  pid: number
}

/**
 * Start a Node program whose output goes to a file, as a service manager would have it, and which ends with us: the
 * channel between us closes when we die.
 */
export function startChild(args: string[], env: Record<string, string>, logFile: string): Child {
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, args, {
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  return {
    process: child,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const hurry = setTimeout(() => child.kill('SIGKILL'), 12_000)
      await ended
      clearTimeout(hurry)
    },
  }
}

/** Ours without settings of a real server and without options for the harness's own Node. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('HEARTHKEEP_') && name !== 'PORT' && name !== 'NODE_OPTIONS',
  )
  return Object.fromEntries(kept) as NodeJS.ProcessEnv
}

/** A port that is free now, for those who must be told one before they start. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
