import type { KdfParameters } from '#client/crypto/kdf.ts'
import type { SaveStep } from '#client/surfaces/cloud-backup/save-backup.ts'
import { progressLine } from '#server/cli/terminal/progress.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { PasswordOptions } from './read-passwords.ts'

/** What the cloud verbs need from outside. */
export type CloudContext = {
  terminal: Terminal
  /** Address of the server running on this machine (`<data>/run.json`), or null. */
  localServer(): string | null
  /** Tests derive cheaply; otherwise tuned to this device. */
  kdf?: KdfParameters
}

/** Options both verbs have. */
export type CommonOptions = PasswordOptions & { user: string; server?: string; state?: string; json?: boolean }

/** What a verb answers: one line for a person, one object for a program. */
export type Outcome = { text: string; json: Record<string, unknown>; textTo?: 'stdout' | 'stderr' }

const labels: Record<SaveStep, string> = {
  'derive-key': 'Deriving the key',
  upload: 'Uploading',
  download: 'Downloading',
}

/** Progress on stderr while `work` runs; the line is gone when it ends, however it ends. */
export async function withProgress<T>(
  terminal: Terminal,
  work: (watch: {
    onStep: (step: SaveStep) => void
    onProgress: (progress: { loaded: number; total: number | null }) => void
  }) => Promise<T>,
): Promise<T> {
  const line = progressLine(terminal)
  try {
    return await work({ onStep: (step) => line.step(labels[step]), onProgress: line.advance })
  } finally {
    line.clear()
  }
}
