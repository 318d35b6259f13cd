import type { Terminal } from './terminal.ts'

export type ProgressLine = {
  /** Show what is being done now; forgets the bar of the step before. */
  step(label: string): void
  /** How far the step is, in bytes; `total` null when unknown. */
  advance(progress: { loaded: number; total: number | null }): void
  /** Wipe the line, before anything else is printed. */
  clear(): void
}

const width = 24

/** One line on stderr that keeps changing, for people; where nobody watches, nothing is printed. */
export function progressLine({ stderr }: Pick<Terminal, 'stderr'>): ProgressLine {
  if (!stderr.isTTY) return { step() {}, advance() {}, clear() {} }
  let label = ''
  const show = (text: string) => stderr.write(`\r\u001b[K${text}`)
  return {
    step(next) {
      label = next
      show(`${label}…`)
    },
    advance({ loaded, total }) {
      if (total === null || total === 0) return void show(`${label}… ${Math.ceil(loaded / 1024)} KiB`)
      const share = Math.min(loaded / total, 1)
      const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
      show(`${label} ${bar} ${Math.floor(share * 100)} %`)
    },
    clear: () => void show(''),
  }
}
