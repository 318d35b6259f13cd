import { expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { freshEmail, personOf, register } from '#e2e/support/personas.ts'
import { startServer } from '#e2e/support/server.ts'

type Listed = { name: string | null }

test('a lock outlives a crash, is listed on the command line, and lifted there while the server runs', async () => {
  await using server = await startServer({ env: { HEARTHKEEP_RATE_LIMIT: 'on' } })
  const cli = (...args: string[]) => hearthkeep(['admin', ...args], { HEARTHKEEP_DATA_DIR: server.dataFolder })
  const { email } = await register(server.url)
  const stranger = freshEmail()
  for (const name of [email, stranger])
    for (let n = 0; n < 20; n++) expect((await personOf(server.url, name, `wrong ${n}`).list()).status).toBe(401)
  const status = async (name: string) => (await personOf(server.url, name).list()).status
  expect(await status(email)).toBe(429)
  const listed = async () => JSON.parse((await cli('lockouts', '--json')).stdout).lockouts as Listed[]
  // Written down within half a second; a command takes as long to start.
  await expect.poll(async () => (await listed()).length, { timeout: 30_000 }).toBe(2)
  await server.stop('SIGKILL')
  await server.restart()
  expect([await status(email), await status(stranger)]).toEqual([429, 429])

  expect((await listed()).map(({ name }) => name)).toEqual(expect.arrayContaining([email, null]))
  const text = (await cli('lockouts')).stdout
  expect(text).toContain(`${email}  from 127.0.0.1  20 wrong`)
  expect(text).not.toContain(stranger)

  expect((await cli('lift', 'nobody@home.test')).code).toBe(1)
  expect(await cli('lift', email)).toMatchObject({ code: 0, stdout: 'Lifted. They can sign in at once.\n' })
  expect([await status(email), await status(stranger)]).toEqual([200, 429])
  expect((await cli('lift', email)).stdout).toBe('They were not locked out.\n')
})
