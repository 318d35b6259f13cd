import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import { expect, test } from 'vitest'
import { checkWire, identityBackupShape } from './check-wire.ts'
import { decodeBackup, encodeBackup } from './encode-backup.ts'
import { isMalformedBackup } from './errors.ts'
import type { IdentityBackup } from './identity-backup.ts'
import { readIdentityJson, writeIdentityJson } from './identity-json.ts'
import { backupOf, contact, identityOf } from './test-backups.ts'

const here = (file: string) => new URL(file, import.meta.url).pathname

const full: IdentityBackup = {
  createdAt: Date.parse('2026-11-21T07:42:00.123Z'),
  deviceName: 'Alice’s phone 🦔',
  identity: identityOf(1),
  contacts: [contact('zoe', { displayName: 'Zoë', updatedAt: 1_700_000_000_000 }), contact('bob')],
  profile: { attachmentId: 'att-1', decryptionKey: new Uint8Array(32).fill(7), updatedAt: 1_700_000_000_001 },
}

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isMalformedBackup(error)) return error.message
    throw error
  }
  return expect.unreachable('it was taken')
}

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed())
const time = fc.integer({ min: 1, max: 253_402_300_799_999 })
const key = (minLength: number) => fc.uint8Array({ minLength, maxLength: 80 }).map((bytes) => new Uint8Array(bytes))
const anyBackup: fc.Arbitrary<IdentityBackup> = fc.record(
  {
    createdAt: time,
    deviceName: word,
    identity: fc.record({ publicKey: key(32), privateKey: key(32) }),
    contacts: fc.uniqueArray(
      fc.record(
        { userId: word, username: word, displayName: word, updatedAt: time },
        { requiredKeys: ['userId', 'username'] },
      ),
      { selector: ({ userId }) => userId, maxLength: 8 },
    ),
    profile: fc.record(
      { attachmentId: word, decryptionKey: key(16), updatedAt: time },
      { requiredKeys: ['attachmentId', 'decryptionKey'] },
    ),
  },
  { requiredKeys: ['createdAt', 'identity', 'contacts'] },
)

test('loses nothing on the way through protobuf and JSON, byte for byte', () => {
  fc.assert(
    fc.property(anyBackup, (backup) => {
      const json = writeIdentityJson(backup)
      expect(decodeBackup(encodeBackup(backup))).toEqual(backup)
      expect(writeIdentityJson(decodeBackup(encodeBackup(readIdentityJson(json))))).toBe(json)
    }),
    { numRuns: 150 },
  )
})

test('keeps names with rare characters, which pbf’s own writer changes', () => {
  const named = backupOf([contact('𠮷野家', { displayName: '\uFEFF𠀀' })])
  expect(decodeBackup(encodeBackup(named)).contacts).toMatchObject([{ username: '𠮷野家', displayName: '\uFEFF𠀀' }])
  const broken = encodeBackup(backupOf([], { deviceName: 'd' }))
  broken[broken.indexOf(0x64)] = 0xff
  expect(refusal(() => decodeBackup(broken))).toMatch(/not UTF-8/)
})

test('writes JSON a person can read, in one fixed form', () => {
  expect(writeIdentityJson(backupOf([contact('bob')]))).toBe(`{
  "formatVersion": 1,
  "createdAt": "2026-11-01T00:00:00.000Z",
  "identity": {
    "publicKey": "${'AQEB'.repeat(11)}",
    "privateKey": "${'ZWVl'.repeat(10)}ZWU="
  },
  "contacts": [
    {
      "userId": "id-bob",
      "username": "bob"
    }
  ]
}
`)
})

test('encodes to the bytes any protobuf library would write', () => {
  const small = backupOf([contact('b', { updatedAt: 300 })], { createdAt: 1, deviceName: 'd' })
  const { publicKey, privateKey } = small.identity
  const expected = [
    ...[0x08, 1, 0x10, 1, 0x1a, 1, 0x64],
    ...[0x22, 69, 0x0a, 33, ...publicKey, 0x12, 32, ...privateKey],
    ...[0x2a, 12, 0x0a, 4, 0x69, 0x64, 0x2d, 0x62, 0x12, 1, 0x62, 0x20, 0xac, 0x02],
  ]
  expect([...encodeBackup(small)]).toEqual(expected)
})

type Edit = [what: string, edit: (json: Record<string, never>) => unknown, words: RegExp]

test.each<Edit>([
  ['an unknown field', (json) => ({ ...json, nickname: 'x' }), /"nickname" is not a known field/],
  ['an unknown field of a contact', (j) => ({ ...j, contacts: [{ ...contact('a'), x: 1 }] }), /contacts\[0\]\.x/],
  ['a missing creation time', ({ createdAt: _, ...json }) => json, /createdAt is missing/],
  ['no identity', ({ identity: _, ...json }) => json, /identity is missing/],
  ['no contacts', ({ contacts: _, ...json }) => json, /contacts is missing/],
  ['no format version', ({ formatVersion: _, ...json }) => json, /formatVersion is missing/],
  ['a newer format', (json) => ({ ...json, formatVersion: 2 }), /formatVersion must be 1/],
  ['a key that is no base64', (j) => ({ ...j, identity: { publicKey: 'a b', privateKey: 'c' } }), /publicKey is not/],
  ['a key that is too short', (j) => ({ ...j, identity: { publicKey: 'AAAA', privateKey: 'AAAA' } }), /3 bytes/],
  [
    'two contacts of one id',
    (j) => ({ ...j, contacts: [contact('a'), contact('a')] }),
    /contacts\[1\]\.userId .*twice/,
  ],
  ['an empty name', (json) => ({ ...json, deviceName: '' }), /deviceName is empty/],
  ['a number as a name', (json) => ({ ...json, deviceName: 7 }), /deviceName must be a text/],
  ['null instead of nothing', (json) => ({ ...json, profile: null }), /profile must be an object/],
  ['a day that does not exist', (j) => ({ ...j, createdAt: '2026-02-31T00:00:00Z' }), /createdAt is not a time/],
  ['finer time than is kept', (j) => ({ ...j, createdAt: '2026-02-03T00:00:00.0001Z' }), /createdAt is not a time/],
  ['a list', () => [], /must be an object/],
])('refuses an identity file with %s, naming the place', (_, edit, words) => {
  const json = JSON.parse(writeIdentityJson(full))
  expect(refusal(() => readIdentityJson(JSON.stringify(edit(json))))).toMatch(words)
})

test('refuses a field written twice, of which JSON would keep only the last', () => {
  const json = writeIdentityJson(full).replace('"contacts": [', '"contacts": [],\n  "contacts": [')
  expect(refusal(() => readIdentityJson(json))).toMatch(/twice/)
})

test('does not quote an unreadable identity file, which may hold keys', () => {
  expect(refusal(() => readIdentityJson('{"privateKey": "c2VjcmV0'))).not.toContain('c2Vj')
})

test('refuses what a newer program added, at any depth, instead of dropping it', () => {
  const plain = encodeBackup(full)
  const newer = new PbfWriter()
  newer.writeStringField(7, 'something new')
  expect(refusal(() => decodeBackup(Uint8Array.from([...plain, ...newer.finish()])))).toMatch(/update it/)
  // A contact (field 5) with a field 5 of its own.
  expect(refusal(() => decodeBackup(Uint8Array.from([...plain, 0x2a, 2, 0x28, 1])))).toMatch(/update it/)
})

test('refuses bytes that are cut short, doubled or of the wrong type', () => {
  const plain = encodeBackup(full)
  expect(refusal(() => decodeBackup(plain.subarray(0, plain.length - 3)))).toMatch(/middle of a field/)
  expect(refusal(() => decodeBackup(Uint8Array.from([...plain, 0x08, 1])))).toMatch(/twice/)
  expect(refusal(() => decodeBackup(Uint8Array.from([0x0a, 0])))).toMatch(/wrong type/)
  expect(refusal(() => decodeBackup(Uint8Array.from([0x10, ...Array(9).fill(0xff), 1])))).toMatch(/too large/)
  expect(refusal(() => decodeBackup(new Uint8Array()))).toMatch(/format version 0/)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      refusal(() => decodeBackup(bytes))
    }),
  )
})

test('keeps the generated code and the strict table equal to backup.proto', () => {
  const cli = here('../../../node_modules/pbf/bin/pbf')
  const fresh = execFileSync(process.execPath, [cli, here('./backup.proto')], { encoding: 'utf8' })
  expect(readFileSync(here('./generated/backup.js'), 'utf8')).toBe(fresh)
  expect(() => checkWire(encodeBackup(full), identityBackupShape)).not.toThrow()
  const fields = [...readFileSync(here('./backup.proto'), 'utf8').matchAll(/ = (\d+);/g)].length
  const counted = JSON.stringify(identityBackupShape).match(/"\d+":/g)?.length
  expect(counted).toBe(fields)
})
