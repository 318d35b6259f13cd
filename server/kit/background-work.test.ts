import { expect, test } from 'vitest'
import { BackgroundWork } from './background-work.ts'
import { createLog } from './log.ts'

const make = () => new BackgroundWork({ clock: { now: () => 1_000 }, log: createLog('silent') })

test('runs each kind of work once at a time, and tells how far it is', async () => {
  const work = make()
  const gate = Promise.withResolvers<void>()
  let runs = 0
  const task = async (_signal: AbortSignal, report: (progress: { done: number; total: number }) => void) => {
    runs += 1
    report({ done: 1, total: 2 })
    await gate.promise
  }
  const [first, second] = [work.run('move', task), work.run('move', task)]
  await Promise.resolve()
  expect(work.stateOf('move')).toEqual({
    startedAt: 1_000,
    endedAt: null,
    progress: { done: 1, total: 2 },
    failure: null,
  })
  gate.resolve()
  await Promise.all([first, second])
  expect(runs).toBe(1)
  expect(work.isRunning('move')).toBe(false)
  expect(work.stateOf('move')?.endedAt).toBe(1_000)
})

test('a failure is remembered in words and hurts nobody who did not wait', async () => {
  const work = make()
  await work.run('scrub', async () => {
    throw new Error('the disk is away')
  })
  expect(work.stateOf('scrub')).toMatchObject({ failure: 'the disk is away', endedAt: 1_000 })
  await work.run('scrub', async () => {})
  expect(work.stateOf('scrub')).toMatchObject({ failure: null })
})

test('closing ends what listens, does not wait for what does not, and begins nothing more', async () => {
  const work = make()
  const listens = work.run(
    'one',
    (signal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
  )
  void work.run('other', () => new Promise(() => {}))
  await work.close(10)
  await listens
  await work.run('third', async () => {
    throw new Error('must not run')
  })
  expect(work.stateOf('third')).toBeNull()
})
