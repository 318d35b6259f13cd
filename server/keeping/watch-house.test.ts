import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { accounts } from '#db/schema/index.ts'
import { listUnread } from '#server/notices/list-notices.ts'
import { testHome } from '#server/testing.ts'
import { watchHouse } from './watch-house.ts'

const mebibyte = 2 ** 20
const roomy = { free: 5_000 * mebibyte, total: 100_000 * mebibyte }
const full = { free: 400 * mebibyte, total: 100_000 * mebibyte }

test('keepers are told once that the disk is nearly full, and again only after there was room', async () => {
  await using home = await testHome()
  const { ctx } = home
  const keeper = home.account()
  ctx.db.read.update(accounts).set({ role: 'admin' }).where(eq(accounts.id, keeper)).run()
  const told = () => listUnread(ctx.db.read, keeper, 10).map(({ event }) => event)
  await watchHouse(ctx, undefined, roomy)
  expect(told()).toEqual([])
  for (let n = 0; n < 3; n++) await watchHouse(ctx, undefined, full)
  // Neither full nor roomy: nothing new.
  await watchHouse(ctx, undefined, { ...full, free: 700 * mebibyte })
  expect(told()).toEqual(['disk.nearly_full'])
  await watchHouse(ctx, undefined, roomy)
  home.clock.move(3_600_001)
  await watchHouse(ctx, undefined, full)
  expect(told()).toEqual(['disk.nearly_full', 'disk.nearly_full'])
})

test('keepers are told when the storage cannot be reached and when it can again', async () => {
  await using home = await testHome()
  const keeper = home.account()
  home.ctx.db.read.update(accounts).set({ role: 'admin' }).where(eq(accounts.id, keeper)).run()
  const told = () => listUnread(home.ctx.db.read, keeper, 10).map(({ event }) => event)
  const away = { ...home.ctx, blobs: { probe: () => Promise.reject(new Error('gone')) } }
  for (let n = 0; n < 2; n++) await watchHouse(away, undefined, roomy)
  expect(told()).toEqual(['store.unreachable'])
  for (let n = 0; n < 2; n++) await watchHouse(home.ctx, undefined, roomy)
  expect(told()).toEqual(['store.reachable', 'store.unreachable'])
})
