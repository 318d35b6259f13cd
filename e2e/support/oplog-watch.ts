import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from '#e2e/support/disaster-until.ts'

const program = join(import.meta.dirname, '..', '..', 'dist', 'hearthkeep.mjs')

export type Watching = {
  /** Everything it has printed on standard output so far. */
  printed(): string
  /** Wait until it has printed this. */
  prints(text: string): Promise<void>
  /** SIGTERM, or SIGKILL for a crash; resolves with the exit code (null after a crash). */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** `hearthkeep sync run --watch` on a folder, once it watches. */
export async function watchFolder(folder: string): Promise<Watching> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HEARTHKEEP_'))
  const child = spawn(process.execPath, [program, 'sync', 'run', '--watch', '--folder', folder], {
    env: Object.fromEntries(inherited) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  await until('it watches', () => stderr.includes('Watching') || child.exitCode !== null)
  return {
    printed: () => stdout,
    prints: (text) => until(`${JSON.stringify(text)} after ${stdout}${stderr}`, () => stdout.includes(text), 30),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill(signal)
      await once(child, 'exit')
      return child.exitCode
    },
  }
}
