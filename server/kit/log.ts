import pino from 'pino'
import type { RecentLines } from './recent-lines.ts'

export type Log = pino.Logger
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/**
 * Structured log on standard output, JSON lines when that is not a terminal. Callers name what they log field by
 * field; the redaction is the second net, for an object that carries more than its author thought.
 *
 * @param lines  remembers them as well
 * @param quiet  nothing on standard output
 */
export function createLog(
  level: LogLevel,
  { lines, quiet = false }: { lines?: RecentLines; quiet?: boolean } = {},
): Log {
  // Written in the background; pino flushes what is left when the process ends.
  const output = process.stdout.isTTY ? terminal() : pino.destination({ dest: 1, sync: false })
  const outputs = [...(quiet ? [] : [output]), ...(lines ? [lines] : [])]
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths(), censor: '[hidden]' },
      serializers: { error: describeError },
    },
    {
      write(line) {
        for (const each of outputs) each.write(line)
      },
    },
  )
}

const secretNames = ['password', 'authorization', 'cookie', 'token', 'refreshToken', 'pin', 'secret', 'code', 'body']

function secretPaths(): string[] {
  return secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
}

/** Name, code (under a name that is not hidden as a secret) and stack; never the message of a database or network error's parameters. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code } = error as { code?: unknown }
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { errorCode: code }),
    stack: error.stack,
  }
}

/** One readable line an event for people who run the server in a terminal. */
function terminal(): { write(line: string): void } {
  return {
    write(line) {
      const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>
      const extras = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      process.stdout.write(`${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${[msg, ...extras].join('  ')}\n`)
    },
  }
}
