import { spawn } from 'node:child_process'
import { join } from 'node:path'

const program = join(import.meta.dirname, '..', '..', 'dist', 'hearthkeep.mjs')

export type CliRun = { code: number | null; stdout: string; stderr: string }

/**
 * Run `hearthkeep <args>` to its end, with nothing of this process's own HEARTHKEEP_ variables.
 *
 * @param through  a command that runs it, e.g. in another network
 */
export function hearthkeep(
  args: string[],
  env: Record<string, string> = {},
  input = '',
  through: string[] = [],
): Promise<CliRun> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HEARTHKEEP_'))
  const [command = '', ...all] = [...through, process.execPath, program, ...args]
  const child = spawn(command, all, {
    env: { ...Object.fromEntries(inherited), ...env } as NodeJS.ProcessEnv,
    stdio: 'pipe',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}
