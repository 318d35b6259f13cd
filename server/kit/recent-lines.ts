/** One line of the log, as it was written. */
export type LogLine = {
  /** ISO 8601. */
  at: string
  level: string
  words: string
  /** What else the line says, by name. */
  more: Record<string, unknown>
}

/** The last lines of the log, for people who look at it in a browser; never more secret than the log itself. */
export class RecentLines {
  readonly #lines: string[] = []
  readonly #most: number

  constructor(most = 500) {
    this.#most = most
  }

  /** @param line  JSON, as pino writes it */
  write(line: string): void {
    this.#lines.push(line)
    if (this.#lines.length > this.#most) this.#lines.shift()
  }

  /** @returns the newest last */
  list(): LogLine[] {
    return this.#lines.flatMap((line) => readLine(line) ?? [])
  }
}

function readLine(line: string): LogLine | null {
  try {
    const { time, level, msg, ...more } = JSON.parse(line) as Record<string, unknown>
    return { at: String(time), level: String(level), words: String(msg ?? ''), more }
  } catch {
    return null
  }
}
