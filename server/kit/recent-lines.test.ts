import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { RecentLines } from './recent-lines.ts'

test('the last lines are remembered, the oldest go first, and what the log hides is hidden here', () => {
  const lines = new RecentLines(2)
  const log = createLog('info', { lines, quiet: true })
  log.info('first')
  log.debug('too quiet')
  log.warn({ token: 'planted', job: 'scrub' }, 'second')
  log.error({ error: new Error('third went wrong') }, 'third')
  const found = lines.list()
  expect(found.map(({ level, words }) => [level, words])).toEqual([
    ['warn', 'second'],
    ['error', 'third'],
  ])
  expect(found[0]?.more).toEqual({ token: '[hidden]', job: 'scrub' })
  expect(JSON.stringify(found)).not.toContain('planted')
})

test('a level that changes changes what is remembered', () => {
  const lines = new RecentLines()
  const log = createLog('error', { lines, quiet: true })
  log.info('not yet')
  log.level = 'info'
  log.info('now')
  expect(lines.list().map(({ words }) => words)).toEqual(['now'])
})
