// `npm test`: everything from a fresh clone on the system's Node 20. The last line says how many passed and failed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from './find-browser.mjs'
import { findNode, withNode } from './node-24.mjs'
import { build, install, root } from './prepare.mjs'

install()
build()

const node = findNode()
const reports = mkdtempSync(join(tmpdir(), 'hearthkeep-test-'))
const counts = { passed: 0, failed: 0, skipped: 0 }
/** Browser journeys that passed at their second try only. */
let flaky = 0

const bin = (name, file) => join('node_modules', name, file)
check('format and lint', [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings'])
check('types', [bin('typescript', 'bin/tsc'), '--noEmit'])
check('dead code', [bin('knip', 'bin/knip.js')])
vitest('unit')
vitest('e2e')
vitest('alone')
browser()

rmSync(reports, { recursive: true, force: true })
if (flaky > 0) console.log(`\n${flaky} browser journeys passed only at a second try`)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed > 0 ? 1 : 0)

/** A step that passes or fails as a whole. */
function check(name, args) {
  heading(name)
  run(args).status === 0 ? counts.passed++ : counts.failed++
}

function vitest(project) {
  heading(project)
  const report = join(reports, `${project}.json`)
  const done = run([
    ...[bin('vitest', 'vitest.mjs'), 'run', '--project', project],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ])
  count(done, report, (result) => ({
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numFailedTestSuites * Number(result.numFailedTests === 0),
    skipped: result.numPendingTests + (result.numTodoTests ?? 0),
  }))
}

function browser() {
  heading('browser')
  const chromium = findBrowser()
  if (!chromium) {
    console.log('SKIPPED: no Chromium here and none could be installed')
    counts.skipped++
    return
  }
  const report = join(reports, 'browser.json')
  const done = run([bin('@playwright/test', 'cli.js'), 'test', '--reporter=line,json'], {
    CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  })
  count(done, report, ({ stats }) => {
    flaky += stats.flaky
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }
  })
}

/** Add a runner's own figures; one that broke without any counts as a failure. */
function count(done, report, read) {
  try {
    const figures = read(JSON.parse(readFileSync(report, 'utf8')))
    counts.passed += figures.passed
    counts.failed += figures.failed
    counts.skipped += figures.skipped
    if (done.status !== 0 && figures.failed === 0) counts.failed++
  } catch {
    counts.failed++
  }
}

function run(args, env = {}) {
  return spawnSync(node, args, { cwd: root, env: { ...withNode(node), ...env }, stdio: 'inherit' })
}

function heading(name) {
  console.log(`\n── ${name} ──`)
}
