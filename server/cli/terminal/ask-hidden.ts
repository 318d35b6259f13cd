import { StringDecoder } from 'node:string_decoder'
import type { Terminal } from './terminal.ts'

/** Ctrl-C, or the end of input, at a prompt. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted')
    this.name = 'Interrupted'
  }
}

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true && stdin.setRawMode !== undefined
}

/**
 * Ask for a secret; nothing of it is shown, not even its length. The question goes to stderr, so that stdout stays
 * data.
 *
 * @throws Interrupted
 */
export async function askHidden(terminal: Terminal, question: string): Promise<string> {
  const { stdin, stderr } = terminal
  const decoder = new StringDecoder('utf8')
  // First, or keys typed the moment the question appears would be echoed.
  stdin.setRawMode?.(true)
  stderr.write(question)
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = ''
      const finish = (settle: () => void) => {
        stdin.removeListener('data', onData)
        stdin.removeListener('end', onEnd)
        settle()
      }
      const onEnd = () => finish(() => reject(new Interrupted()))
      const onData = (chunk: Buffer | string) => {
        const keys = typeof chunk === 'string' ? chunk : decoder.write(chunk)
        // Arrow and function keys come as one chunk that starts with ESC.
        if (keys.startsWith('\u001b')) return
        const characters = Array.from(keys)
        for (const [index, key] of characters.entries()) {
          if (key === '\r' || key === '\n') {
            // A pasted second line answers the next question.
            const rest = characters.slice(index + 1).join('')
            return finish(() => {
              stdin.pause()
              if (rest !== '') stdin.unshift(Buffer.from(rest))
              resolve(typed)
            })
          }
          if (key === '\u0003' || (key === '\u0004' && typed === '')) return onEnd()
          typed = afterKey(typed, key)
        }
      }
      stdin.on('data', onData)
      stdin.on('end', onEnd)
      stdin.resume()
    })
  } finally {
    stdin.setRawMode?.(false)
    stdin.pause()
    stderr.write('\n')
  }
}

function afterKey(typed: string, key: string): string {
  if (key === '\u007f' || key === '\b') return Array.from(typed).slice(0, -1).join('')
  if (key === '\u0015') return ''
  return key < ' ' ? typed : typed + key
}
