import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { accounts } from '#db/schema/index.ts'
import { testHome } from '#server/testing.ts'
import { recordEvent } from './audit.ts'
import { cellOf, exportEvents } from './export-events.ts'
import { type EventFilter, listAllEvents } from './list-all-events.ts'

const everything: EventFilter = { kind: null, person: null, from: null, until: null, address: null }

test.each([
  ['=1+1', `"'=1+1"`],
  ['+cmd', `"'+cmd"`],
  ['-2', `"'-2"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  [' =1', `"' =1"`],
  ['\t=1', `"'\t=1"`],
  ['a "quoted" name', '"a ""quoted"" name"'],
  ['192.168.1.7', '"192.168.1.7"'],
])('the cell %j is never a formula', (text, cell) => {
  expect(cellOf(text)).toBe(cell)
})

test('everything that happened is in the file, once, beyond one page, with who it was', async () => {
  await using home = await testHome()
  const { ctx } = home
  const id = home.account()
  ctx.db.read.update(accounts).set({ email: '=dad@home.test' }).where(eq(accounts.id, id)).run()
  await ctx.db.write((tx) => {
    for (let n = 0; n < 1_100; n++)
      recordEvent(ctx, tx, { event: 'passkey.added', accountId: id, address: '10.0.0.1', details: { label: `=${n}` } })
  })
  let file = ''
  for await (const part of exportEvents(ctx, everything)) file += Buffer.from(part).toString()
  const lines = file.trim().split('\r\n')
  expect(lines).toHaveLength(1_101)
  expect(new Set(lines.map((line) => /label==(\d+)/.exec(line)?.[1])).size).toBe(1_101)
  expect(lines[1]).toMatch(/^"\d{4}-.*Z","passkey\.added","'=dad@home\.test","10\.0\.0\.1","label==\d+"$/)
})

test('keepers find what they look for, a page after the other', async () => {
  await using home = await testHome()
  const { ctx, clock } = home
  const [ada, bob] = [home.account(), home.account()]
  await ctx.db.write((tx) => {
    recordEvent(ctx, tx, { event: 'session.refused', accountId: ada, address: '10.0.0.1' })
    recordEvent(ctx, tx, { event: 'session.refused', accountId: bob, address: '10.0.0.2' })
    recordEvent(ctx, tx, { event: 'snapshot.recovered', accountId: null })
  })
  const noon = clock.now() + 1
  clock.move(1_000)
  await ctx.db.write((tx) =>
    recordEvent(ctx, tx, { event: 'passkey.added', accountId: ada, details: { label: 'Phone' } }),
  )
  const find = (some: Partial<EventFilter>) =>
    listAllEvents(ctx.db.read, { ...everything, ...some }, { before: null, limit: 10 }).map(({ event }) => event)
  expect(find({ person: ada })).toEqual(['passkey.added', 'session.refused'])
  expect(find({ person: 'nobody' })).toEqual(['snapshot.recovered'])
  expect(find({ kind: 'refused' })).toHaveLength(2)
  expect(find({ kind: 'server' })).toEqual(['snapshot.recovered'])
  expect(find({ address: '10.0.0.2' })).toEqual(['session.refused'])
  expect(find({ from: noon })).toEqual(['passkey.added'])
  expect(find({ until: noon })).toHaveLength(3)
  const [first] = listAllEvents(ctx.db.read, everything, { before: null, limit: 1 })
  expect(listAllEvents(ctx.db.read, everything, { before: first ?? null, limit: 10 })).toHaveLength(3)
})
