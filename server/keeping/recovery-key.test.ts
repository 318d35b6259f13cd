import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import { makeRecoveryKey, NotARecoveryKey, parseRecoveryKey, readRecipient } from './recovery-key.ts'

const ctx = { clock: systemClock, ids: systemIds(systemClock) }

test('the printed key is the private half of what the server keeps', async () => {
  const folder = emptyFolder()
  const printed = await makeRecoveryKey(ctx, folder)
  expect(printed).toMatch(/^HKR1(-[0-9A-HJKMNP-TV-Z]{4}){9}$/)
  const key = parseRecoveryKey(printed)
  const recipient = await readRecipient(folder)
  expect(recipient).toMatchObject({ id: key.id, publicKey: key.publicKey, manifestKey: key.manifestKey })
})

test('the server keeps nothing of the private half, and what it keeps is for its own user alone', async () => {
  const folder = emptyFolder()
  const key = parseRecoveryKey(await makeRecoveryKey(ctx, folder))
  const [file] = readdirSync(folder)
  const path = join(folder, file as string)
  const secret = key.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
  expect(readFileSync(path, 'utf8')).not.toContain(secret.toString('base64'))
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('a key may be typed in small letters, with spaces, and with letters that look like digits', async () => {
  const printed = await makeRecoveryKey(ctx, emptyFolder())
  const { id } = parseRecoveryKey(printed)
  const sloppy = printed.slice(5).replaceAll('-', ' ').toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
  expect(parseRecoveryKey(` hkr1 ${sloppy}\n`).id).toBe(id)
})

test('any one wrong digit is noticed, and any two that have changed places', async () => {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const printed = (await makeRecoveryKey(ctx, emptyFolder())).replaceAll('-', '')
  for (let at = 4; at < printed.length; at += 1) {
    const wrong = digits[(digits.indexOf(printed[at] as string) + 7) % 32]
    expect(() => parseRecoveryKey(printed.slice(0, at) + wrong + printed.slice(at + 1))).toThrow(NotARecoveryKey)
    if (printed[at] === printed[at + 1] || at + 1 === printed.length) continue
    const swapped = printed.slice(0, at) + printed[at + 1] + printed[at] + printed.slice(at + 2)
    expect(() => parseRecoveryKey(swapped)).toThrow(NotARecoveryKey)
  }
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
