import { assert, json, property } from 'fast-check'
import { expect, test } from 'vitest'
import { requestHash } from './request-hash.ts'

function hashOf(body: string, path = '/v1/verify-factor'): string | null {
  return requestHash({ method: 'POST', path, body: Buffer.from(body) })
}

test('the vectors of factor-backup §6', () => {
  expect(hashOf('', 'retrieve/challenge/passkey')).toBe(
    '6913eb99b6fe89b6208f4f5c9ee4c1a2f02de139fb2afad2483fd82ccfb44d82',
  )
  expect(hashOf('{"b":null,"a":{"d":null,"c":1}}')).toBe(
    'a6d3d6fa5539b882ce73d4decb035f622ad76fd8044a36c3a477fe76c11e1c41',
  )
})

test('the path counts with its /v1 (factor-backup §10.15)', () => {
  expect(hashOf('{}', '/verify-factor')).not.toBe(hashOf('{}', '/v1/verify-factor'))
})

test.each([
  ['spaces and the order of members', '{ "b" : 1, "a" : [ 1, 2 ] }', '{"a":[1,2],"b":1}'],
  ['members that are null', '{"a":null,"b":{"c":null}}', '{"b":{}}'],
  ['escapes', '{"a":"\\u00e9\\/"}', '{"a":"é/"}'],
  ['names that look like numbers', '{"9":1,"10":2}', '{"10":2,"9":1}'],
  ['names beyond the basic plane', '{"\u{1F600}":1,"\uFFFD":2}', '{"\uFFFD":2,"\u{1F600}":1}'],
  ['a member called __proto__', '{"b":1,"__proto__":{"x":1}}', '{"__proto__":{"x":1},"b":1}'],
])('%s make no difference', (_, one, other) => {
  expect(hashOf(one)).toBe(hashOf(other))
})

test.each([
  ['the order of a list', '[1,2]', '[2,1]'],
  ['null in a list', '[null]', '[]'],
  ['names that look like numbers, by their bytes', '{"9":1,"10":2}', '{"9":2,"10":1}'],
  ['an empty object instead of no body', '{}', ''],
  ['__proto__', '{"__proto__":{"x":1}}', '{}'],
])('%s makes a difference', (_, one, other) => {
  expect(hashOf(one)).not.toBe(hashOf(other))
})

test('what is no JSON, or nested too deep, has no hash', () => {
  expect(hashOf('{')).toBeNull()
  expect(hashOf('nothing')).toBeNull()
  expect(hashOf(`${'['.repeat(129)}${']'.repeat(129)}`)).toBeNull()
  expect(hashOf(`${'['.repeat(128)}${']'.repeat(128)}`)).not.toBeNull()
  expect(hashOf('['.repeat(500_000) + ']'.repeat(500_000))).toBeNull()
})

test('any JSON has one, whatever its spacing', () => {
  assert(
    property(json(), (text) => {
      expect(hashOf(text)).toMatch(/^[0-9a-f]{64}$/)
      expect(hashOf(JSON.stringify(JSON.parse(text), null, 2))).toBe(hashOf(text))
    }),
  )
})
