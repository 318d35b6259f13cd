import { expect, test } from 'vitest'
import { bytes } from './answers.ts'

test('a client that stops reading is given up, and the source is closed', async () => {
  let closed = false
  async function* endless() {
    try {
      for (;;) yield new Uint8Array(10)
    } finally {
      closed = true
    }
  }
  const reader = bytes(200, endless(), {}, 30).body?.getReader()
  expect((await reader?.read())?.done).toBe(false)
  await expect(reader?.closed).rejects.toThrow('stopped reading')
  expect(closed).toBe(true)
})

test('a client that reads on is not', async () => {
  async function* three() {
    for (let piece = 0; piece < 3; piece += 1) yield Buffer.from('x')
  }
  expect(await bytes(200, three(), {}, 30_000).text()).toBe('xxx')
})
