import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Household, packHousehold, unpackHousehold } from './household.ts'

const rest = { belongings: { values: {}, left: [] }, program: '1', snapshot: 's', createdAt: 0, objects: [] }

test('takes keys and certificates, whatever they are called, and nothing that is kept elsewhere', async () => {
  const from = folder()
  for (const name of [
    'secrets.json',
    'hearthkeep.sqlite',
    'hearthkeep.sqlite-wal',
    'reserve',
    'run.json',
    'lock.sqlite',
  ])
    writeFileSync(join(from, name), name)
  for (const name of ['tls', 'blobs', 'snapshots', 'snapshot-work']) {
    mkdirSync(join(from, name))
    writeFileSync(join(from, name, 'ca.key'), name, { mode: 0o600 })
  }
  writeFileSync(join(from, 'film.mp4'), Buffer.alloc(2 * 1024 * 1024))
  const { household, skipped } = await packHousehold({ dataFolder: from, ...rest })
  expect(household.files.map(({ path }) => path).sort()).toEqual(['secrets.json', 'tls/ca.key'])
  expect(skipped).toEqual(['film.mp4'])

  const to = folder()
  await unpackHousehold(household, to)
  expect(readFileSync(join(to, 'tls', 'ca.key'), 'utf8')).toBe('tls')
  for (const path of ['tls', 'tls/ca.key', 'secrets.json']) expect(statSync(join(to, path)).mode & 0o077).toBe(0)
})

test.each(['../outside', 'tls/../../outside', '/etc/passwd', 'a//b', '', 'c:\\outside', 'a\0b'])(
  'writes nothing under %j',
  async (path) => {
    const to = folder()
    const file = { path, mode: 0o600, bytes: '' }
    const household: Household = { format: 'hearthkeep-household', version: 1, ...rest, files: [file] }
    await expect(unpackHousehold(household, to)).rejects.toThrow('outside the data folder')
  },
)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hearthkeep-household-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}
