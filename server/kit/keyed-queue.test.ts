import { expect, test } from 'vitest'
import { KeyedQueue } from './keyed-queue.ts'

test('one at a time a key, in order; other keys do not wait; beyond the length it is busy', async () => {
  const queue = new KeyedQueue(2)
  const seen: string[] = []
  let release: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = queue.run('a', async () => {
    await held
    seen.push('a1')
  })
  const waiting = ['a2', 'a3'].map((name) => queue.run('a', async () => void seen.push(name)))
  await expect(queue.run('a', async () => {})).rejects.toMatchObject({ code: 'server.busy' })
  await queue.run('b', async () => void seen.push('b'))
  expect(seen).toEqual(['b'])
  release()
  await Promise.all([first, ...waiting])
  expect(seen).toEqual(['b', 'a1', 'a2', 'a3'])
})

test('a task that fails gives its place to the next', async () => {
  const queue = new KeyedQueue(2)
  const failing = queue.run('a', () => Promise.reject(new Error('no')))
  const next = queue.run('a', async () => 'done')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
})
