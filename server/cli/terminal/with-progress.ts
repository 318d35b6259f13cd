import { progressLine } from './progress.ts'
import type { Terminal } from './terminal.ts'

const labels = { 'derive-key': 'Deriving the key', upload: 'Uploading', download: 'Downloading' }

export type Watch = {
  onStep(step: keyof typeof labels): void
  /** In bytes. */
  onProgress(progress: { loaded: number; total: number | null }): void
}

/** Progress on stderr while `work` runs; the line is gone when it ends, however it ends. */
export async function withProgress<T>(terminal: Terminal, work: (watch: Watch) => Promise<T>): Promise<T> {
  const line = progressLine(terminal)
  try {
    return await work({ onStep: (step) => line.step(labels[step]), onProgress: line.advance })
  } finally {
    line.clear()
  }
}
