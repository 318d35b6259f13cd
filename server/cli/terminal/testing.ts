import { PassThrough } from 'node:stream'
import type { Terminal } from './terminal.ts'

export type TestTerminal = Terminal & {
  stdin: PassThrough & { isTTY?: boolean; setRawMode?(on: boolean): unknown }
  /** Everything printed so far. */
  out(): string
  outBytes(): Buffer
  err(): string
  /** Raw mode switched on and off, in order. */
  rawModes: boolean[]
}

/** A terminal in memory. With `tty`, somebody is there: prompts and progress appear. */
export function testTerminal(env: Record<string, string | undefined> = {}, { tty = false } = {}): TestTerminal {
  const [out, err]: [Buffer[], string[]] = [[], []]
  const rawModes: boolean[] = []
  const stdin: TestTerminal['stdin'] = new PassThrough()
  if (tty) {
    stdin.isTTY = true
    stdin.setRawMode = (on) => rawModes.push(on)
  }
  return {
    stdin,
    stdout: { write: (data) => out.push(Buffer.from(data)) },
    stderr: { write: (text) => err.push(text), isTTY: tty },
    env,
    out: () => Buffer.concat(out).toString(),
    outBytes: () => Buffer.concat(out),
    err: () => err.join(''),
    rawModes,
  }
}
