import { pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { importBcrypt, importPbkdf2, parseImportedHash } from './imported-hash.ts'
import { Passwords, unusablePassword } from './passwords.ts'

/** What `credential` 2.0 makes of a password: the salt goes in as base64 text. */
function credential(password: string, iterations: number) {
  const salt = Buffer.alloc(66, 7).toString('base64')
  return { salt, iterations, hash: pbkdf2Sync(password, salt, iterations, 66, 'sha1').toString('base64') }
}

test('a hash of the original is verified as it was made', async () => {
  const { hash, salt, iterations } = credential('pässword', 1000)
  const stored = importPbkdf2(iterations, salt, hash) ?? ''
  expect(stored).toMatch(/^pbkdf2-sha1\$1000\$/)
  const passwords = new Passwords()
  expect(await passwords.verify(stored, 'pässword')).toBe(true)
  expect(await passwords.verify(stored, 'password')).toBe(false)
  expect(await passwords.verify(stored, '')).toBe(false)
  expect(passwords.isCurrent(stored)).toBe(false)
  expect(passwords.isCurrent(await passwords.hash('x'))).toBe(true)
})

test('a hash that `credential` 2.0.0 itself made is verified', async () => {
  // node -e "require('credential')({work: 0.001}).hash('battery', console.log)" with credential@2.0.0.
  const made = {
    hash: '7rKGAYSGlPo7Tu9vDlH51Wb+91O2v9RU/xAWbfnToJCsS7h1z+8e5Ktki9SqUsLXDPhfRnkaI5LFtMubRIA+4nR4',
    salt: 'lL61lSRAO2aSAb1Ty0BSzgJQfi+AA1TpGoUOAYYK+ocxdgCUi/F3AzJOuX6qAwnhsOb9KH1430ibpQYge/+lqozU',
    iterations: 11151,
  }
  expect(await new Passwords().verify(importPbkdf2(made.iterations, made.salt, made.hash), 'battery')).toBe(true)
})

test('numbers that nobody could verify are not taken', () => {
  const { hash, salt } = credential('x', 1)
  expect(importPbkdf2(0, salt, hash)).toBeNull()
  expect(importPbkdf2(60_000_000, salt, hash)).toBeNull()
  expect(importPbkdf2(1.5, salt, hash)).toBeNull()
  expect(importPbkdf2(1000, 'a$b', hash)).toBeNull()
  expect(importPbkdf2(1000, salt, '')).toBeNull()
  expect(parseImportedHash('$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA')).toBeNull()
})

test('an account without a usable hash lets nobody in, whatever they say', async () => {
  const passwords = new Passwords()
  for (const password of ['', '!', 'anything']) expect(await passwords.verify(unusablePassword, password)).toBe(false)
  expect(await passwords.verify('pbkdf2-sha1$broken', 'x')).toBe(false)
})

test('a bcrypt hash of Rails is verified as it was made, and is no hash of ours', async () => {
  // BCrypt::Password.create('U*U') of the OpenBSD test vectors: $2a$05$CCCCCCCCCCCCCCCCCCCCC.
  const stored = importBcrypt('$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW') ?? ''
  const passwords = new Passwords()
  expect(await passwords.verify(stored, 'U*U')).toBe(true)
  expect(await passwords.verify(stored, 'U*U*')).toBe(false)
  expect(await passwords.verify(stored, '')).toBe(false)
  expect(passwords.isCurrent(stored)).toBe(false)
  for (const hash of [
    '',
    '$2a$05$short',
    '$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    '$argon2id$x',
  ])
    expect(importBcrypt(hash)).toBeNull()
})
