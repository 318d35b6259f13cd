import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, type as system, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Row } from './row.ts'

const folder = join(import.meta.dirname, '..')

const verdicts = { true: 'pass', false: '**short**', null: '–' }

/** The rows for a terminal. */
export function printRows(rows: Row[]): void {
  const plain = rows.map((row) => [
    row.work.replaceAll('`', ''),
    row.budget,
    row.measured,
    verdict(row).replaceAll('*', ''),
  ])
  const widths = [0, 1, 2, 3].map((place) => Math.max(...plain.map((cells) => cells[place]?.length ?? 0)))
  for (const [index, cells] of plain.entries()) {
    console.log(cells.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join('  '))
    if (rows[index]?.detail) console.log(`    ${rows[index].detail}`)
  }
}

type Facts = { rows: Row[]; seconds: number; inMemory: boolean; date: Date; builtAt: Date }

/** Write `bench/REPORT.md`: what was measured, then `bench/notes.md`, which people write. */
export function writeReport({ rows, seconds, inMemory, date, builtAt }: Facts): void {
  const table = rows.map((row) => `| ${row.work} | ${row.budget} | ${row.measured} | ${verdict(row)} | ${row.detail} |`)
  const lines = [
    '# What the server costs',
    '',
    'Written by `npm run bench`; the budgets are those of design §10. Every ratio compares two servers measured in',
    'turns on the same machine in the same run: median of the rounds [smallest–largest]. Read ratios, not absolutes.',
    '',
    `* ${minute(date)}, Node ${process.version}, ${system()} ${release()}`,
    `* ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; the load generator runs on the same cores`,
    `* temporary folder ${inMemory ? '**in memory: fsync costs nothing, the figures mean little**' : 'on a disk'}; the run took ${seconds.toFixed(0)} s`,
    `* our server as built at ${minute(builtAt)}, log at its default level into a file, request throttles off, disk store; bare = \`bench/bare/main.ts\``,
    '',
    '| work | budget | measured | | detail |',
    '|---|---|---|---|---|',
    ...table,
    '',
    readFileSync(join(folder, 'notes.md'), 'utf8').trim(),
    '',
  ]
  writeFileSync(join(folder, 'REPORT.md'), lines.join('\n'))
}

/** Raw samples, one file a run, kept out of git. @returns the file */
export function writeSamples(date: Date, samples: Record<string, unknown>): string {
  const out = join(folder, 'out')
  mkdirSync(out, { recursive: true })
  const file = join(out, `${date.toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
  writeFileSync(file, `${JSON.stringify(samples, null, 1)}\n`)
  return file
}

function verdict(row: Row): string {
  return verdicts[`${row.pass}`]
}

/** `2026-11-21 09:30 UTC`. */
function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
