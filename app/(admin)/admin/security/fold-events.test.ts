import { expect, test } from 'vitest'
import { foldEvents } from './fold-events.ts'

const happened = (id: string, more: object = {}) => ({
  id,
  at: 5,
  event: 'session.refused' as const,
  accountId: 'ada',
  person: 'ada@home.test',
  address: '10.0.0.1',
  details: {},
  ...more,
})

test('the same again and again is one line; what differs in more than the time is another', () => {
  const events = [
    happened('e', { at: 9 }),
    happened('d'),
    happened('c', { address: '10.0.0.2' }),
    happened('b', { address: '10.0.0.2', details: { by: 'app' } }),
    happened('a'),
  ]
  expect(foldEvents(events).map(({ event, count }) => [event.id, count])).toEqual([
    ['e', 2],
    ['c', 1],
    ['b', 1],
    ['a', 1],
  ])
  expect(foldEvents([])).toEqual([])
})
