import type { Command } from 'commander'
import { localServer } from './local-server.ts'

export function register(program: Command): void {
  program
    .command('health')
    .description('Say whether the server on this machine answers; exit code 1 if not (for containers and monitors)')
    .option('--ready', 'also ask whether database and store work')
    .action(async (options: { ready?: boolean }) => {
      const fault = await faultOf(options.ready ? '/ready' : '/health')
      process.stdout.write(`${fault ?? 'ok'}\n`)
      process.exitCode = fault ? 1 : 0
    })
}

/** @returns null when it answers, else what is wrong */
async function faultOf(path: string): Promise<string | null> {
  const server = localServer()
  if (!server) return 'No server runs on this data folder.'
  try {
    const { status } = await fetch(server + path, { signal: AbortSignal.timeout(5_000) })
    return status === 200 ? null : `The server answers ${status}.`
  } catch {
    return 'The server does not answer.'
  }
}
