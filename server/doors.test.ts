import { request as askHttps } from 'node:https'
import { expect, test } from 'vitest'
import { Doors } from './doors.ts'
import { testHome } from './testing.ts'

const reason = process.platform === 'linux' ? '' : ' (skipped: 127.0.0.2 is an address on Linux only)'
const env = { HEARTHKEEP_HTTP_PORT: '0', HEARTHKEEP_HTTPS_PORT: '0', HEARTHKEEP_HOSTNAME: 'hearth.test' }

test.skipIf(reason)(`the house is let in as soon as set-up is finished, on the same port${reason}`, async () => {
  await using home = await testHome(env)
  const { ctx } = home
  const doors = await Doors.open(ctx, (_, response) => response.end('here'))
  try {
    const house = ctx.address.replace('127.0.0.1', '127.0.0.2')
    expect(ctx.httpsAddress).toBeNull()
    await expect(fetch(house)).rejects.toThrow()

    const opened = new Promise<void>((resolve) => doors.whenSetUp(async () => resolve()))
    await ctx.settings.set({ setUpAt: ctx.clock.now() })
    await opened
    expect(ctx.httpsAddress).toMatch(/^https:\/\/hearth\.test:\d+$/)
    expect(await (await fetch(house)).text()).toBe('here')
    expect(await statusOverHttps(ctx.httpsAddress ?? '', ctx.certificates?.current.ca?.toString() ?? '')).toBe(200)
  } finally {
    await doors.drain(1_000)
  }
})

test('a server beside another takes another port for HTTPS, unless its port was chosen', async () => {
  await using first = await testHome({ ...env, HEARTHKEEP_HTTPS_PORT: '' })
  await using second = await testHome({ ...env, HEARTHKEEP_HTTPS_PORT: '' })
  await using chosen = await testHome({ ...env, HEARTHKEEP_HTTPS_PORT: '4443' })
  const homes = [first, second, chosen]
  for (const { ctx } of homes) await ctx.settings.set({ setUpAt: ctx.clock.now() })
  const open = ({ ctx }: typeof first) => Doors.open(ctx, (_, response) => response.end('here'))
  const doors = [await open(first), await open(second)]
  try {
    expect(second.ctx.httpsAddress).toMatch(/^https:/)
    expect(second.ctx.httpsAddress).not.toBe(first.ctx.httpsAddress)
    await expect(open(chosen)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  } finally {
    await Promise.all(doors.map((one) => one.drain(1_000)))
  }
})

test.skipIf(reason)(`with HTTPS off, nobody but this machine is let in${reason}`, async () => {
  await using home = await testHome({ ...env, HEARTHKEEP_TLS: 'off' })
  await home.ctx.settings.set({ setUpAt: home.ctx.clock.now() })
  const doors = await Doors.open(home.ctx, (_, response) => response.end('here'))
  try {
    expect((await fetch(home.ctx.address)).status).toBe(200)
    await expect(fetch(home.ctx.address.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow()
  } finally {
    await doors.drain(1_000)
  }
})

function statusOverHttps(address: string, ca: string): Promise<number> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const call = { host: '127.0.0.1', port, servername: hostname, ca, agent: false }
    askHttps(call, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end()
  })
}
