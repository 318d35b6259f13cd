import { expect, test } from 'vitest'
import { queryOf, readFilter } from './read-filter.ts'

const id = '01930000-0000-7000-8000-000000000000'
const nothing = { kind: null, person: null, from: null, until: null, address: null }

test('a day is looked for from its beginning to its end, in the time zone of the server', () => {
  const { from, until } = readFilter({ from: '2026-03-29', until: '2026-03-29' })
  expect(new Date(from ?? 0)).toEqual(new Date(2026, 2, 29))
  expect(new Date(until ?? 0)).toEqual(new Date(2026, 2, 30))
})

test.each([
  [{}, nothing],
  [
    { kind: 'signIns', person: id, address: ' 192.168.1.7 ' },
    { ...nothing, kind: 'signIns', person: id, address: '192.168.1.7' },
  ],
  [{ kind: 'constructor', person: "' or 1=1", address: '%', from: '2026-99-99x', until: 'soon' }, nothing],
  [{ kind: ['signIns', 'kept'], person: ['nobody', id] }, nothing],
])('%j is read as %j', (search, filter) => {
  expect(readFilter(search)).toEqual(filter)
})

test('another page of it keeps what was looked for', () => {
  const search = { kind: 'refused', person: '', before: `5.${id}` }
  expect(queryOf(search)).toBe('?kind=refused')
  expect(queryOf(search, { before: `4.${id}` })).toBe(`?kind=refused&before=4.${id}`)
  expect(queryOf({})).toBe('')
})
