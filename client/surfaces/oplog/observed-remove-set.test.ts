import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSetOperation, encodeSetOperation, ObservedRemoveSet, type SetOperation } from './observed-remove-set.ts'

test('devices that know the same operations have the same set, whatever the order and however often', () => {
  const step = fc.record({ device: fc.nat({ max: 2 }), item: fc.constantFrom('milk', 'eggs'), add: fc.boolean() })
  const property = fc.property(fc.array(step), fc.infiniteStream(fc.nat()), (steps, random) => {
    const devices = [0, 1, 2].map(() => new ObservedRemoveSet())
    const operations: SetOperation[] = []
    for (const { device, item, add } of steps) {
      const set = devices[device] as ObservedRemoveSet
      const operation = add ? set.adding(item) : set.removing(item)
      if (operation === null) continue
      set.apply(operation)
      expect(set.has(item)).toBe(add)
      operations.push(operation)
    }
    const next = () => random.next().value
    const shuffled = [...operations, ...operations].map((operation) => ({ operation, place: next() }))
    for (const set of devices) {
      for (const one of shuffled) one.place = next()
      for (const { operation } of shuffled.sort((a, b) => a.place - b.place)) set.apply(operation)
    }
    expect(devices[1]?.items()).toEqual(devices[0]?.items())
    expect(devices[2]?.items()).toEqual(devices[0]?.items())
  })
  fc.assert(property)
})

test('what one device adds again while another removes it stays', () => {
  const [ann, ben] = [new ObservedRemoveSet(), new ObservedRemoveSet()]
  const first = ann.adding('milk')
  for (const set of [ann, ben]) set.apply(first)
  const removing = ben.removing('milk') as SetOperation
  const again = ann.adding('milk')
  expect(ann.apply(removing)).toEqual({ item: 'milk', present: false })
  expect(ann.apply(again)).toEqual({ item: 'milk', present: true })
  expect(ben.apply(again)).toEqual(null)
  expect(ben.apply(removing)).toEqual(null)
  expect([ann.items(), ben.items()]).toEqual([['milk'], ['milk']])
})

test('operations come back from bytes as they were, and anything else is passed over', () => {
  const set = new ObservedRemoveSet()
  const adding = set.adding('çelik 🥛')
  set.apply(adding)
  for (const operation of [adding, set.removing('çelik 🥛') as SetOperation]) {
    expect(decodeSetOperation(encodeSetOperation(operation))).toEqual(operation)
  }
  for (const text of [
    '',
    'x',
    'null',
    '[]',
    '{"kind":"add"}',
    '{"kind":"move","item":"a"}',
    '{"kind":"remove","item":"a"}',
  ]) {
    expect(decodeSetOperation(new TextEncoder().encode(text))).toBe(null)
  }
  expect(decodeSetOperation(Uint8Array.of(255))).toBe(null)
})
