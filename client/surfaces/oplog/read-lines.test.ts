import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isProtocolError } from '#client/transport/errors.ts'
import { KnownIndices } from './known-indices.ts'
import { readLines, type WireOperation } from './read-lines.ts'

const clientId = '0198c0de-0000-4000-8000-000000000001'
const line = (index: number, payload = `payload ${index} ü🦊`) =>
  JSON.stringify({ client_id: clientId, operation_index: index, payload })

async function* pieces(text: string, cuts: number[] = [], cutOff = false) {
  const bytes = new TextEncoder().encode(text)
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let at = 0
  for (const end of [...ends, bytes.length]) {
    yield bytes.slice(at, end)
    at = end
  }
  if (cutOff) throw new Error('cut')
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<{ read: WireOperation[]; error: unknown }> {
  const read: WireOperation[] = []
  try {
    for await (const batch of readLines(source)) read.push(...batch)
    return { read, error: null }
  } catch (error) {
    return { read, error }
  }
}

test('reads whole lines however the body is cut into pieces, with or without the last newline', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.string({ unit: 'grapheme' })),
    fc.array(fc.nat()),
    fc.boolean(),
    async (payloads, cuts, newline) => {
      const text = payloads.map((payload, index) => line(index, payload)).join('\n') + (newline ? '\n' : '')
      const { read, error } = await collect(pieces(text, cuts))
      expect([read.map(({ payload }) => payload), error]).toEqual([payloads, null])
    },
  )
  await fc.assert(property, { numRuns: 200 })
})

test('keeps the lines before a cut, and never half of one', async () => {
  const whole = `${line(0)}\n${line(1)}\n${line(2)}`
  for (let end = 0; end < whole.length; end += 1) {
    const { read, error } = await collect(pieces(whole.slice(0, end), [], true))
    expect(read.length).toBe(whole.slice(0, end).split('\n').length - 1)
    expect((error as Error).message).toBe('cut')
  }
})

test('passes over members it does not know and empty lines, and lower-cases client ids', async () => {
  const odd = JSON.stringify({ more: 1, client_id: clientId.toUpperCase(), operation_index: 3, payload: 'p' })
  const { read } = await collect(pieces(`\n${odd}\r\n\n`))
  expect(read).toEqual([{ clientId, index: 3, payload: 'p' }])
})

test('refuses what is no operation', async () => {
  const bad = [
    '<html>',
    '{}',
    '[]',
    'null',
    '3',
    line(-1),
    line(0.5),
    line(2 ** 53),
    line(0).replace('-4000-', '-'),
    '{"client_id":"',
  ]
  for (const text of bad) {
    const { read, error } = await collect(pieces(`${line(0)}\n${text}`, [line(0).length + 6]))
    expect(read.length).toBe(1)
    expect(isProtocolError(error)).toBe(true)
  }
})

test('reports the highest index without a gap below it, in whatever order they come', () => {
  const property = fc.property(fc.array(fc.nat({ max: 20 })), (indices) => {
    const known = new KnownIndices()
    const held = new Set<number>()
    for (const index of indices) {
      expect(known.add(index)).toBe(!held.has(index))
      held.add(index)
    }
    let contiguous = -1
    while (held.has(contiguous + 1)) contiguous += 1
    expect(known.contiguous).toBe(contiguous)
    expect(known.hasGap).toBe([...held].some((index) => index > contiguous))
  })
  fc.assert(property)
})
