import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { belongingsFile } from './belongings.ts'
import { readConfig } from './env.ts'

test('a restored server keeps its name and relying party, and the environment beats what it brought', () => {
  const folder = folderWith(JSON.stringify({ HEARTHKEEP_HOSTNAME: 'hearth.example', HEARTHKEEP_RP_ID: 'keys.example' }))
  const config = readConfig({ HEARTHKEEP_DATA_DIR: folder })
  expect(config).toMatchObject({ hostname: 'hearth.example', relyingParty: { id: 'keys.example' } })
  expect(readConfig({ HEARTHKEEP_DATA_DIR: folder, HEARTHKEEP_HOSTNAME: 'new.example' }).hostname).toBe('new.example')
})

test('what was brought can set nothing that belongs to the machine', () => {
  const folder = folderWith(
    JSON.stringify({ HEARTHKEEP_HTTP_PORT: '1', HEARTHKEEP_DATA_DIR: '/', HEARTHKEEP_TLS: 'off' }),
  )
  expect(readConfig({ HEARTHKEEP_DATA_DIR: folder })).toMatchObject({
    httpPort: 4180,
    dataFolder: folder,
    tls: 'local-ca',
  })
})

test('what is brought holds no secret, and says by name what it leaves behind', () => {
  const { belongings } = readConfig({
    HEARTHKEEP_DATA_DIR: '/data',
    HEARTHKEEP_HOSTNAME: 'hearth.example',
    HEARTHKEEP_HTTP_PORT: '1',
    HEARTHKEEP_SMTP_URL: 'smtp://me:secret@mail.example',
    HEARTHKEEP_ATTESTATION_TOKEN: 'secret',
  })
  expect(belongings.values).toEqual({ HEARTHKEEP_HOSTNAME: 'hearth.example' })
  expect(belongings.left.sort()).toEqual(['HEARTHKEEP_ATTESTATION_TOKEN', 'HEARTHKEEP_SMTP_URL'])
  expect(JSON.stringify(belongings)).not.toContain('secret')
})

test('a name that was not given is brought all the same: passkeys are bound to it', () => {
  const { hostname, belongings } = readConfig({ HEARTHKEEP_DATA_DIR: '/data' })
  expect(belongings.values).toEqual({ HEARTHKEEP_HOSTNAME: hostname })
})

test('a damaged file stops the start, rather than give the server another name', () => {
  expect(() => readConfig({ HEARTHKEEP_DATA_DIR: folderWith('{') })).toThrow('is damaged')
})

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-belongings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, belongingsFile), text)
  return folder
}
