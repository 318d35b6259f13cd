// `npm test`: everything from a fresh clone on the system's Node 20. The last lines name what failed and say how many passed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { findBrowser } from './find-browser.mjs'
import { findNode, withNode } from './node-24.mjs'
import { build, install, root } from './prepare.mjs'

install()
build()

const node = findNode()
const reports = mkdtempSync(join(tmpdir(), 'hearthkeep-test-'))
const counts = { passed: 0, failed: 0, skipped: 0 }
/** What the last lines tell besides the counts: what failed, what needed a second try, how long each part took. */
const notes = []

const bin = (name, file) => join('node_modules', name, file)
check('format and lint', [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings'])
check('types', [bin('typescript', 'bin/tsc'), '--noEmit'])
check('dead code', [bin('knip', 'bin/knip.js')])
vitest('unit')
vitest('e2e')
vitest('alone')
browser()

rmSync(reports, { recursive: true, force: true })
console.log(`\n${notes.join('\n')}`)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed > 0 ? 1 : 0)

/** A step that passes or fails as a whole. */
function check(name, args) {
  heading(name)
  if (run(args).status === 0) counts.passed++
  else fail(name)
}

function vitest(project) {
  heading(project)
  const report = join(reports, `${project}.json`)
  const done = run([
    ...[bin('vitest', 'vitest.mjs'), 'run', '--project', project],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ])
  count(project, done, report, ({ testResults, ...result }) => {
    for (const file of testResults) {
      const failed = file.assertionResults.filter(({ status }) => status === 'failed')
      for (const test of failed) fail(`${relative(root, file.name)} › ${test.fullName}`)
      if (file.status === 'failed' && failed.length === 0) fail(relative(root, file.name))
    }
    return { passed: result.numPassedTests, skipped: result.numPendingTests + (result.numTodoTests ?? 0) }
  })
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
  count('browser', done, report, ({ suites, stats }) => {
    for (const { file, title, tests } of suites.flatMap(specs)) {
      if (tests.some(({ status }) => status === 'unexpected')) fail(`${file} › ${title}`)
      if (tests.some(({ status }) => status === 'flaky')) notes.push(`SECOND TRY  ${file} › ${title}`)
    }
    return { passed: stats.expected + stats.flaky, skipped: stats.skipped }
  })
}

/** Every test of a suite of Playwright's report, in suites within it too. */
function specs(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specs)]
}

/** Add a runner's own figures; one that broke without naming a failure counts as one. */
function count(part, done, report, read) {
  const before = counts.failed
  try {
    const figures = read(JSON.parse(readFileSync(report, 'utf8')))
    counts.passed += figures.passed
    counts.skipped += figures.skipped
    if (done.status !== 0 && counts.failed === before) fail(`${part}: exit code ${done.status}`)
  } catch {
    fail(`${part}: no report`)
  }
  notes.push(`${part} took ${Math.round(done.seconds)} s`)
}

function fail(what) {
  counts.failed++
  notes.push(`FAILED  ${what}`)
}

function run(args, env = {}) {
  const start = performance.now()
  const done = spawnSync(node, args, { cwd: root, env: { ...withNode(node), ...env }, stdio: 'inherit' })
  return { status: done.status, seconds: (performance.now() - start) / 1000 }
}

function heading(name) {
  console.log(`\n── ${name} ──`)
}
