import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LogFile } from './log-file.ts'

test('a full log makes room, the one before it stays, and a log that cannot be written stops nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-log-'))
  const log = new LogFile(join(folder, 'logs', 'server.log'))
  log.write('x'.repeat(6 * 1024 * 1024))
  log.write('next\n')
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['server.log', 'server.log.1'])
  expect(readFileSync(log.path, 'utf8')).toBe('next\n')
  rmSync(folder, { recursive: true })
  expect(() => log.write('lost')).not.toThrow()
})
