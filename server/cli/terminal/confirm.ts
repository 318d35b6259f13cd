import { Interrupted } from './ask-hidden.ts'
import type { Terminal } from './terminal.ts'

/**
 * Ask a person yes or no, in the terminal's own line mode; anything but `y` or `yes` is no.
 *
 * @throws Interrupted at the end of input
 */
export async function confirm({ stdin, stderr }: Terminal, question: string): Promise<boolean> {
  stderr.write(`${question} [y/N] `)
  const answer = await new Promise<string>((resolve, reject) => {
    let typed = ''
    const finish = (settle: () => void) => {
      stdin.removeListener('data', onData)
      stdin.removeListener('end', onEnd)
      stdin.pause()
      settle()
    }
    const onEnd = () => finish(() => reject(new Interrupted()))
    const onData = (chunk: Buffer | string) => {
      typed += chunk.toString()
      const end = typed.search(/[\r\n]/)
      if (end < 0) return
      // A pasted second line answers the next question, a password perhaps.
      const rest = typed.slice(end).replace(/^(\r\n|\r|\n)/, '')
      finish(() => {
        if (rest !== '') stdin.unshift(Buffer.from(rest))
        resolve(typed.slice(0, end))
      })
    }
    stdin.on('data', onData)
    stdin.on('end', onEnd)
    stdin.resume()
  })
  return /^y(es)?$/i.test(answer.trim())
}
