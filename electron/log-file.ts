import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const largest = 5 * 1024 * 1024

/** What the server prints, in a file that people can be asked to send; the one before it stays as `….1`. */
export class LogFile {
  readonly path: string
  #size: number

  constructor(path: string) {
    this.path = path
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  }

  /** A full disk must not end the shell as well: what cannot be written is left out. */
  write(text: string): void {
    try {
      if (this.#size > largest) {
        renameSync(this.path, `${this.path}.1`)
        this.#size = 0
      }
      appendFileSync(this.path, text, { mode: 0o600 })
      this.#size += Buffer.byteLength(text)
    } catch {}
  }
}
