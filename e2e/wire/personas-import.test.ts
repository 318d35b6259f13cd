import { pbkdf2Sync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { said } from '#e2e/support/cloud.ts'
import { personOf } from '#e2e/support/personas.ts'
import { startS3Server } from '#e2e/support/s3-server.ts'
import { startServer } from '#e2e/support/server.ts'

let original: string
let dataFolder: string
beforeEach(() => {
  original = mkdtempSync(join(tmpdir(), 'hearthkeep-original-'))
  dataFolder = mkdtempSync(join(tmpdir(), 'hearthkeep-import-'))
})
afterEach(() => {
  for (const folder of [original, dataFolder]) rmSync(folder, { recursive: true, force: true })
})

/** As the original hashed in 2018, with fewer rounds. */
function user(password: string): string {
  const salt = Buffer.alloc(66, 5).toString('base64')
  const iterations = 30_000
  const hash = pbkdf2Sync(password, salt, iterations, 66, 'sha1').toString('base64')
  return JSON.stringify({ password_hash: { hash, salt, keyLength: 66, hashMethod: 'pbkdf2', iterations } }, null, 4)
}

/** As the original's local simulator wrote it. */
function simulate(key: string, content: string, ContentType: string): void {
  const file = join(original, 'bucket', key.replace(/\p{Lu}/gu, '^$&'))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  writeFileSync(`${file}.meta`, JSON.stringify({ Bucket: 'bucket', Key: key, Metadata: {}, ContentType }, null, 4))
}

function storedHash(email: string): string {
  const db = new Sqlite(join(dataFolder, 'hearthkeep.sqlite'), { readonly: true })
  const row = db.prepare('select password_hash from accounts where email = ?').get(email)
  db.close()
  return (row as { password_hash: string }).password_hash
}

const run = (source: string, env: Record<string, string> = {}) =>
  hearthkeep(['import', 'key-backup-service', source], { HEARTHKEEP_DATA_DIR: dataFolder, ...env })

test('accounts of the original sign in with their old password, which is upgraded by that', async () => {
  simulate('ada@x.org/user.json', user('old secret'), 'application/json')
  simulate('ada@x.org/personas/Work Phone', 'PK zip', 'application/zip')
  simulate('bob@x.org/user.json', user('bob’s'), 'application/json')

  const first = await run(original)
  expect(first.stderr).toBe('')
  expect(first.stdout).toBe('Accounts: 2 imported, 0 here already\nPersonas: 1 imported, 0 here already\n')
  expect(first.code).toBe(0)
  expect(storedHash('ada@x.org')).toMatch(/^pbkdf2-sha1\$30000\$/)

  await using server = await startServer({ dataFolder })
  const refused = await run(original)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('Stop it for the import')

  const ada = personOf(server.url, 'ADA@x.org', 'old secret')
  expect((await personOf(server.url, 'ada@x.org', 'wrong').list()).status).toBe(401)
  expect(storedHash('ada@x.org')).toMatch(/^pbkdf2-sha1/)
  expect(await said(ada.list())).toEqual([200, { personas: ['Work Phone'] }])
  expect(storedHash('ada@x.org')).toMatch(/^\$argon2id\$/)
  const persona = await ada.get('Work Phone')
  expect([persona.headers.get('content-type'), await persona.text()]).toEqual(['application/zip', 'PK zip'])
  expect((await ada.put('Work Phone', 'newer')).headers.get('etag')).toBe('"2"')
  await ada.remove('Work Phone')
  const upgraded = storedHash('ada@x.org')
  await server.stop()

  const again = await run(original)
  expect(again.stdout).toBe('Accounts: 0 imported, 2 here already\nPersonas: 0 imported, 1 here already\n')
  expect(storedHash('ada@x.org')).toBe(upgraded)
  await server.restart()
  expect(await said(personOf(server.url, 'ada@x.org', 'old secret').list())).toEqual([200, { personas: [] }])
})

test('a bucket of the original is read by its S3 address', async () => {
  const s3 = await startS3Server()
  try {
    const credentials = { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey }
    const client = new S3Client({ endpoint: s3.endpoint, region: s3.region, forcePathStyle: true, credentials })
    const put = (Key: string, Body: string, ContentType: string) =>
      client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: `from/${Key}`, Body, ContentType }))
    await put('ada@x.org/user.json', user('old secret'), 'application/json')
    await put('ada@x.org/personas/p', 'PK zip', 'application/x-persona')
    await put('gone@x.org/personas/p', 'PK', 'application/zip')
    client.destroy()
    const env = {
      HEARTHKEEP_S3_ENDPOINT: s3.endpoint,
      HEARTHKEEP_S3_REGION: s3.region,
      HEARTHKEEP_S3_ACCESS_KEY_ID: s3.accessKeyId,
      HEARTHKEEP_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    }
    const { stdout, stderr, code } = await run(`s3://${s3.bucket}/from`, env)
    expect(stderr).toBe('')
    expect(stdout).toBe(
      'Accounts: 1 imported, 0 here already\nPersonas: 1 imported, 0 here already\n' +
        'Not taken over: 1\n  "gone@x.org/personas/p": its account is not here\n',
    )
    expect(code).toBe(1)
    await using server = await startServer({ dataFolder })
    const persona = await personOf(server.url, 'ada@x.org', 'old secret').get('p')
    expect([persona.headers.get('content-type'), await persona.text()]).toEqual(['application/x-persona', 'PK zip'])
  } finally {
    await s3.stop()
  }
})

test('a source that is not there is said so', async () => {
  expect(await run(join(original, 'none'))).toMatchObject({ code: 1, stderr: expect.stringContaining('no folder') })
  expect(await run('s3://')).toMatchObject({ code: 1, stderr: expect.stringContaining('not an S3 address') })
})
