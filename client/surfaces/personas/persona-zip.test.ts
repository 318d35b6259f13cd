import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWeakPassword, isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { isMalformedPersona } from './errors.ts'
import { type Persona, personaOf, readPersonaZip, writePersonaZip } from './persona-zip.ts'
import { readZip } from './read-zip.ts'
import { isSealed, mediaTypes, openPersona, sealPersona } from './seal-persona.ts'
import { cheapKdf, testPersona, textBytes } from './testing.ts'
import { writeZip } from './write-zip.ts'

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isMalformedPersona(error)) return error.message
    throw error
  }
  return expect.unreachable('it was taken')
}

const copies = (files: ReadonlyMap<string, Uint8Array>) =>
  new Map([...files].map(([name, bytes]) => [name, new Uint8Array(bytes)]))

const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })).map((fields) => {
  const { id: _, ...rest } = fields
  return textBytes(JSON.stringify(rest))
})
const word = fc.stringMatching(/^[a-z0-9_-]{1,12}$/)
const distinct = (names: fc.Arbitrary<string>, content: fc.Arbitrary<Uint8Array>) =>
  fc
    .uniqueArray(fc.tuple(names, content), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => copies(new Map(entries)))
const anyPersona: fc.Arbitrary<Persona> = fc.record({
  persona: object,
  secrets: object,
  subkeys: distinct(word, object),
  others: distinct(
    fc.tuple(fc.constantFrom('images/', 'keyring/', 'new/deep/', 'x-'), word).map((parts) => `${parts.join('')}.bin`),
    fc.uint8Array({ maxLength: 200 }),
  ),
})

test('gives back any persona byte for byte, with every file it does not know', () => {
  fc.assert(
    fc.property(anyPersona, (persona) => {
      const zip = writePersonaZip(persona)
      expect(readPersonaZip(zip)).toEqual(persona)
      expect(writePersonaZip(readPersonaZip(zip))).toEqual(zip)
    }),
    { numRuns: 60 },
  )
})

test('writes the layout of the seed', () => {
  expect([...readZip(writePersonaZip(testPersona())).keys()]).toEqual([
    'images/me.png',
    'keyring/secrets.json',
    'keyring/subkey(SUBKEYabc-_1).json',
    'persona.json',
  ])
})

test('does not rewrite JSON: large numbers, spaces and equal keys stay as they are', () => {
  const persona = { ...testPersona(), persona: textBytes('\ufeff{ "n": 12345678901234567890, "n" : 1e400 }\r\n') }
  expect(Buffer.from(readPersonaZip(writePersonaZip(persona)).persona).toString()).toBe(
    '\ufeff{ "n": 12345678901234567890, "n" : 1e400 }\r\n',
  )
})

const valid = () => copies(readZip(writePersonaZip(testPersona())))
type Edit = [what: string, edit: (files: Map<string, Uint8Array>) => unknown, words: RegExp]

test.each<Edit>([
  ['no persona.json', (files) => files.delete('persona.json'), /persona\.json is missing/],
  ['no secrets', (files) => files.delete('keyring/secrets.json'), /keyring\/secrets\.json is missing/],
  ['a persona.json that is no JSON', (files) => files.set('persona.json', textBytes('{')), /not valid JSON/],
  [
    'a persona.json that is not UTF-8',
    (files) => files.set('persona.json', Uint8Array.of(0x22, 0xff, 0x22)),
    /not valid/,
  ],
  ['secrets that are a list', (files) => files.set('keyring/secrets.json', textBytes('[]')), /not a JSON object/],
  ['secrets that are null', (files) => files.set('keyring/secrets.json', textBytes('null')), /not a JSON object/],
  [
    'a subkey that is no JSON',
    (files) => files.set('keyring/subkey(x).json', textBytes('')),
    /subkey\(x\)\.json.* not valid/,
  ],
  ['a subkey of another id', (files) => files.set('keyring/subkey(x).json', textBytes('{"id":"y"}')), /another id/],
])('refuses a persona with %s', (_, edit, words) => {
  const files = valid()
  edit(files)
  expect(refusal(() => readPersonaZip(writeZip(files)))).toMatch(words)
  expect(refusal(() => personaOf(files))).toMatch(words)
})

test('says where the persona is when the folder around it was zipped', () => {
  const files = new Map([...valid()].map(([name, bytes]) => [`backup/${name}`, bytes]))
  expect(refusal(() => readPersonaZip(writeZip(files)))).toMatch(/"backup\/persona\.json": its folder is the persona/)
})

test('takes a persona without subkeys', () => {
  const persona = { ...testPersona(), subkeys: new Map() }
  expect(readPersonaZip(writePersonaZip(persona)).subkeys.size).toBe(0)
})

test('refuses to write ids and names that would not be read again as the same', () => {
  const persona = testPersona()
  const empty = textBytes('{}')
  for (const id of ['', 'a/b', '../../x']) {
    expect(refusal(() => writePersonaZip({ ...persona, subkeys: new Map([[id, empty]]) }))).toMatch(/id of a subkey/)
  }
  expect(refusal(() => writePersonaZip({ ...persona, others: new Map([['persona.json', empty]]) }))).toMatch(/twice/)
  expect(refusal(() => writePersonaZip({ ...persona, others: new Map([['../x', empty]]) }))).toMatch(/not allowed/)
})

test('does not quote an unreadable file, which may hold keys', () => {
  const persona = { ...testPersona(), secrets: textBytes('{"secret": "c2VjcmV0') }
  expect(refusal(() => writePersonaZip(persona))).not.toContain('c2Vj')
})

test('seals a persona whole, and opens it with the password alone', async () => {
  const zip = writePersonaZip(testPersona())
  const sealed = await sealPersona(zip, 'correct horse battery', { kdf: cheapKdf })
  expect(sealed.contentType).toBe(mediaTypes.sealed)
  expect([isSealed(sealed.bytes), isSealed(zip), isSealed(new Uint8Array())]).toEqual([true, false, false])
  const outside = Buffer.from(sealed.bytes).toString('latin1')
  for (const inside of ['persona.json', 'secrets', 'SUBKEY', 'PK\u0003\u0004']) expect(outside).not.toContain(inside)
  expect(await openPersona(sealed.bytes, 'correct horse battery')).toEqual(zip)
  const wrong = await openPersona(sealed.bytes, 'wrong horse battery').catch((error) => error)
  expect(isWrongPasswordOrDamaged(wrong)).toBe(true)
  expect(isWeakPassword(await sealPersona(zip, 'short').catch((error) => error))).toBe(true)
})
