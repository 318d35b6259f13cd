import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postJson, signUp } from '#e2e/support/cloud.ts'
import { inDatabase } from '#e2e/support/disaster-inspect.ts'
import { told } from '#e2e/support/oplog.ts'
import { type Pair, prove as proveAt, rsaPair } from '#e2e/support/oplog-proof.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())

const post = async (path: string, body: unknown, token?: string) => told(await postJson(server.url, path, body, token))

const prove = (pair: Pair) => proveAt(pair, server.url)

let codes = 0

/** A person with a code, put where the page puts it (`e2e/browser/account.spec.ts` makes one there). */
async function personWithCode(expiresAt = Date.now() + 60_000) {
  const { token, username } = await signUp(server.url)
  const code = `ABCD-${String(++codes).padStart(4, '2')}`
  const sqlite = new Sqlite(join(server.dataFolder, 'hearthkeep.sqlite'))
  const { id } = sqlite.prepare('select id from accounts where username = ?').get(username) as { id: string }
  const hash = createHash('sha256')
    .update(`log link ${code.replace('-', '')}`)
    .digest('hex')
  sqlite.prepare('insert into oplog_link_codes values (?, ?, ?)').run(hash, id, expiresAt)
  sqlite.close()
  return { token, code, id }
}

const keysOf = async (token: string) => {
  const answer = await fetch(`${server.url}/sync/keys`, { headers: { Authorization: `Bearer ${token}` } })
  return ((await answer.json()) as { keys: Array<{ name: string | null }> }).keys
}

test('a code and a proof link the log to whoever made the code, once', async () => {
  const mine = rsaPair()
  const { token, code } = await personWithCode()
  const answer = await post('/sync/link', {
    ...(await prove(mine)),
    code: code.toLowerCase().replace('-', ' '),
    name: 'List',
  })
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([201, { name: 'List', operations: 0 }])
  expect(await keysOf(token)).toMatchObject([{ name: 'List' }])
  const again = await post('/sync/link', { ...(await prove(rsaPair())), code })
  expect([again.status, again.error]).toEqual([410, 'invalid_code'])
})

test('of two apps with one code at once, one is linked', async () => {
  const { token, code } = await personWithCode()
  const proofs = await Promise.all([prove(rsaPair()), prove(rsaPair())])
  const answers = await Promise.all(proofs.map((proof) => post('/sync/link', { ...proof, code })))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 410])
  expect(await keysOf(token)).toHaveLength(1)
})

test('a code alone takes nobody’s log, and a log of somebody else’s stays theirs', async () => {
  const mine = rsaPair()
  const owner = await personWithCode()
  expect((await post('/sync/link', { ...(await prove(mine)), code: owner.code })).status).toBe(201)
  const thief = await personWithCode()
  const stolen = await post('/sync/link', { ...(await prove(mine)), code: thief.code })
  expect([stolen.status, stolen.error]).toEqual([409, 'log_key_taken'])
  const forged = { ...(await prove(mine)), nonce: Buffer.alloc(32).toString('base64') }
  const refused = await post('/sync/link', { ...forged, code: thief.code })
  expect([refused.status, refused.error]).toEqual([401, 'proof_failed'])
  expect(await keysOf(thief.token)).toEqual([])
  // What failed did not use the code up.
  expect((await post('/sync/link', { ...(await prove(rsaPair())), code: thief.code })).status).toBe(201)
})

test('a code that is too old, or of a disabled account, is refused as a wrong one is', async () => {
  const old = await personWithCode(Date.now() - 1)
  const disabled = await personWithCode()
  const sqlite = new Sqlite(join(server.dataFolder, 'hearthkeep.sqlite'))
  sqlite.prepare('update accounts set disabled_at = 1 where id = ?').run(disabled.id)
  sqlite.close()
  for (const code of [old.code, disabled.code, 'ZZZZ-ZZZZ', ' ']) {
    const answer = await post('/sync/link', { ...(await prove(rsaPair())), code })
    expect([answer.status, answer.error]).toEqual([410, 'invalid_code'])
  }
})

test('guesses run out, even with the right code, and codes are kept as hashes', async () => {
  const { code } = await personWithCode()
  const proof = await prove(rsaPair())
  let answer = await post('/sync/link', { ...proof, code: 'AAAA-AAAA' })
  for (let guess = 0; guess < 20 && answer.status === 410; guess++)
    answer = await post('/sync/link', { ...proof, code: `AAAA-${guess}` })
  expect([answer.status, answer.error]).toEqual([429, 'rate_limited'])
  expect((await post('/sync/link', { ...proof, code })).status).toBe(429)
  const rows = inDatabase(server.dataFolder, (sqlite) => sqlite.prepare('select * from oplog_link_codes').all())
  expect(JSON.stringify(rows)).not.toContain(code)
})

test.each([{}, { code: 'ABCD-EFGH' }, { code: 5 }, { code: '' }, { code: 'x'.repeat(101) }])(
  'bad input %j is a clear 400',
  async (body) => {
    expect((await post('/sync/link', body)).status).toBe(400)
  },
)
