// `npm run bench [-- <group>…]`: measures the built server against the budgets of design §10.

import { measureLargeTransfers } from './rows/large-transfers.ts'
import { measureOperationLog } from './rows/operation-log.ts'
import { measureResponsiveness } from './rows/responsiveness.ts'
import { measureSmallUploads } from './rows/small-uploads.ts'
import { measureStarting } from './rows/starting.ts'
import { copyBuild } from './support/hearthkeep.ts'
import { printRows, writeReport, writeSamples } from './support/report.ts'
import type { Measured, Row } from './support/row.ts'
import { isInMemory, temporaryFolder } from './support/temporary.ts'

const groups = {
  small: measureSmallUploads,
  large: measureLargeTransfers,
  log: measureOperationLog,
  health: measureResponsiveness,
  start: measureStarting,
}
type Group = keyof typeof groups

const names = Object.keys(groups) as Group[]
const asked = process.argv.slice(2)
const foreign = asked.filter((name) => !names.includes(name as Group))
if (foreign.length > 0) {
  console.error(`Unknown: ${foreign.join(', ')}. There are: ${names.join(', ')}.`)
  process.exit(2)
}

// The servers end with us, and what was left in temporary folders goes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const date = new Date()
const started = performance.now()
const rows: Row[] = []
const samples: Record<string, Measured['samples']> = {}
let inMemory = false
let builtAt = date
{
  using program = copyBuild()
  builtAt = program.builtAt
  for (const name of names.filter((name) => asked.length === 0 || asked.includes(name))) {
    using folder = temporaryFolder(name)
    inMemory = isInMemory(folder.path)
    const measured = await groups[name]({
      program,
      folder: folder.path,
      say: (words) => process.stderr.write(`  ${words}\n`),
    })
    rows.push(...measured.rows)
    samples[name] = measured.samples
  }
}

const file = writeSamples(date, { node: process.version, rows, samples })
printRows(rows)
console.log(`raw samples: ${file}`)
if (asked.length === 0) {
  writeReport({ rows, seconds: (performance.now() - started) / 1000, inMemory, date, builtAt })
  console.log('written: bench/REPORT.md')
}
