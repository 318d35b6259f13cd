import type { Readable } from 'node:stream'

/** Where a command reads and writes; tests hand in their own. */
export type Terminal = {
  stdin: Readable & { isTTY?: boolean; setRawMode?(on: boolean): unknown }
  stdout: { write(data: string | Uint8Array): unknown; isTTY?: boolean }
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  env: Record<string, string | undefined>
}

export function processTerminal(): Terminal {
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env }
}
