import { beforeEach, expect, test } from 'vitest'
import { createLog } from './log.ts'
import { RecentLines } from './recent-lines.ts'
import { type SeenTime, SettledTime } from './settled-time.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const begin = Date.UTC(2026, 10, 21)

let wall: number
let up: number
let kept: SeenTime | null
let saves: number
let lines: RecentLines
let time: SettledTime
beforeEach(async () => {
  wall = begin
  up = hour
  kept = null
  saves = 0
  lines = new RecentLines()
  await start()
})

/** The process starts anew, with what the last one has written down. */
async function start(): Promise<void> {
  const clock = { now: () => wall, uptime: () => up }
  const log = createLog('info', { lines, quiet: true })
  const save = async (seen: SeenTime) => {
    kept = JSON.parse(JSON.stringify(seen)) as SeenTime
    saves += 1
  }
  time = new SettledTime({ clock, log }, { load: () => kept, save })
  await time.look()
}

/** The server runs on, looking at its clock each minute. */
async function run(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= minute) {
    wall += Math.min(minute, left)
    up += Math.min(minute, left)
    await time.look()
  }
}

const said = () => lines.list().map(({ words }) => words)

test('while the clock goes as it should, it is the time, and is written down about every hour', async () => {
  await run(3 * day)
  expect(time.now()).toBe(wall)
  expect(time.doubt).toBeNull()
  expect(saves).toBe(1 + 3 * 24)
  expect(said()).toEqual([])
})

test('what jumps ahead counts for nothing until it has stayed for a day of running', async () => {
  wall += 40 * day
  expect(time.now()).toBe(begin)
  expect(time.doubt).toEqual({ ahead: 40 * day, left: day })
  await time.look()
  await run(day - 2 * minute)
  expect(time.now()).toBe(begin + day - 2 * minute)
  expect(time.doubt).toEqual({ ahead: 40 * day, left: 2 * minute })
  await run(2 * minute)
  expect(time.now()).toBe(wall)
  expect(time.doubt).toBeNull()
  expect(said()).toEqual([expect.stringContaining('far ahead'), expect.stringContaining('is believed')])
})

test('a clock that comes back was wrong, and nothing ever grew old by it', async () => {
  wall += 40 * day
  await time.look()
  await run(5 * hour)
  wall -= 40 * day
  expect(time.now()).toBe(wall)
  await time.look()
  expect(time.doubt).toBeNull()
  expect(said()).toEqual([expect.stringContaining('far ahead'), expect.stringContaining('expected again')])
})

test('a second jump begins the day anew', async () => {
  wall += 40 * day
  await time.look()
  await run(23 * hour)
  wall += 400 * day
  await time.look()
  await run(23 * hour)
  expect(time.now()).toBe(begin + 46 * hour)
  await run(hour)
  expect(time.now()).toBe(wall)
})

test('a summer’s hour, a slow clock and most of a day are nothing to make words about', async () => {
  for (const step of [hour, -hour, 23 * hour, -23 * hour]) {
    wall += step
    expect(time.now()).toBe(wall)
    await time.look()
  }
  expect(said()).toEqual([])
})

test('a stopped server and a machine asleep know by the uptime that time has passed', async () => {
  await time.settle()
  wall += 30 * day
  up += 30 * day
  await start()
  expect(time.now()).toBe(wall)
  wall += 30 * day
  up += 30 * day
  expect(time.now()).toBe(wall)
  await time.look()
  expect(said()).toEqual([])
})

test('a machine that was off for long, or starts with a wrong clock, has to run for a day; restarts count on', async () => {
  await time.settle()
  wall += 30 * day
  up = minute
  await start()
  expect(time.now()).toBe(begin)
  await run(20 * hour)
  await time.settle()
  // Off for a night, which nobody takes for a jump.
  wall += 10 * hour
  up = minute
  await start()
  expect(time.doubt?.left).toBe(4 * hour)
  await run(4 * hour)
  expect(time.now()).toBe(wall)
})

test('killed without a word, it knows the time of an hour ago at worst', async () => {
  await run(90 * minute)
  up = minute
  await start()
  expect(time.now()).toBe(wall)
  expect((kept?.at ?? 0) - begin).toBeGreaterThanOrEqual(hour)
})

test('a clock that is put back holds nothing up, is believed after a day, and its next jump is seen', async () => {
  wall -= 300 * day
  expect(time.now()).toBe(wall)
  expect(time.doubt).toBeNull()
  await time.look()
  await run(day)
  expect(time.now()).toBe(wall)
  wall += 40 * day
  expect(time.now()).toBe(wall - 40 * day)
})

test('a machine without a battery, whose clock begins in the past until the network has set it, doubts nothing', async () => {
  await time.settle()
  up = minute
  const real = wall + 10 * hour
  wall = Date.UTC(2020, 0, 1)
  await start()
  await run(5 * minute)
  wall = real
  await time.look()
  expect(time.now()).toBe(real)
  expect(time.doubt).toBeNull()
})

test('on another machine the uptime explains nothing', async () => {
  await time.settle()
  if (kept) kept.uptime = null
  wall += 3 * day
  up += 300 * day
  await start()
  expect(time.now()).toBe(begin)
})
