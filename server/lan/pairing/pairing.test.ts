import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { readPairingCode, stretchCode } from '#client/node/pairing/read-pairing-code.ts'
import { CertificateKeeper } from '#server/lan/certificate-keeper.ts'
import { LocalCa } from '#server/lan/local-ca.ts'
import { listEvents } from '#server/notices/list-events.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { makePairing } from './make-pairing.ts'
import { pairingLink } from './pairing-link.ts'
import { reachOf, redeemPairing } from './redeem-pairing.ts'

const address = '192.168.1.7'
const minute = 60_000

/** A house that listens, as far as pairing can tell. */
async function openHome(env: Record<string, string> = {}): Promise<TestHome> {
  const home = await testHome({ HEARTHKEEP_HOSTNAME: 'hearth.local', ...env })
  const { ctx } = home
  ctx.certificates = await CertificateKeeper.open(new LocalCa({ ...ctx, addresses: () => ['192.168.1.20'] }), ctx)
  ctx.httpsAddress = 'https://hearth.local:4443'
  return home
}

async function makeFor({ ctx }: TestHome, madeBy: string | null = null) {
  const reach = reachOf(ctx)
  const { code } = await makePairing(ctx, { ca: reach.ca, madeBy })
  const device = await stretchCode(readPairingCode(code).code)
  return { code, device, reach }
}

const refused = { code: 'pairing.refused' }

test('a device that knows the code gets the CA, vouched for, and where to go', async () => {
  await using home = await openHome()
  const { device, reach } = await makeFor(home)
  const { mac, reach: told } = await redeemPairing(home.ctx, device, address)
  expect(device.isVouched(reach.ca?.raw ?? null, mac)).toBe(true)
  expect(told.addresses).toEqual(['https://hearth.local:4443', 'https://192.168.1.20:4443'])
  expect(told.connectPage).toBe('http://hearth.local:4180/connect')
})

test('what vouches for one CA vouches for no other, nor for having none', async () => {
  await using home = await openHome()
  await using stranger = await openHome()
  const { device } = await makeFor(home)
  const { mac } = await redeemPairing(home.ctx, device, address)
  expect(device.isVouched(reachOf(stranger.ctx).ca?.raw ?? null, mac)).toBe(false)
  expect(device.isVouched(null, mac)).toBe(false)
})

test('a code is good once, also for two devices at the same moment', async () => {
  await using home = await openHome()
  const { device } = await makeFor(home)
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => redeemPairing(home.ctx, device, address)))
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  await expect(redeemPairing(home.ctx, device, address)).rejects.toMatchObject(refused)
})

test('a code ends after ten minutes', async () => {
  await using home = await openHome()
  const { device } = await makeFor(home)
  home.clock.move(10 * minute + 1)
  await expect(redeemPairing(home.ctx, device, address)).rejects.toMatchObject(refused)
})

test('a code is dead after five wrong tries, wherever they came from', async () => {
  await using home = await openHome()
  const maker = home.account()
  const { device } = await makeFor(home, maker)
  for (const last of [1, 2, 3, 4, 5])
    await expect(redeemPairing(home.ctx, wrong(device), `192.168.1.${last}`)).rejects.toMatchObject(refused)
  await expect(redeemPairing(home.ctx, device, address)).rejects.toMatchObject(refused)
  const events = listEvents(home.ctx.db.read, maker, { before: null, limit: 20 })
  expect(events.filter(({ event }) => event === 'pairing.refused')).toHaveLength(5)
})

test('four wrong tries harm nobody', async () => {
  await using home = await openHome()
  const { device } = await makeFor(home)
  for (let tries = 0; tries < 4; tries++)
    await expect(redeemPairing(home.ctx, wrong(device), address)).rejects.toMatchObject(refused)
  await expect(redeemPairing(home.ctx, device, address)).resolves.toBeTruthy()
})

test('who guesses codes that were never made is stopped, from one address', async () => {
  await using home = await openHome()
  const { device } = await makeFor(home)
  for (let tries = 0; tries < 20; tries++)
    await expect(redeemPairing(home.ctx, { ...device, id: 'ZZZZ' }, address)).rejects.toMatchObject(refused)
  await expect(redeemPairing(home.ctx, device, address)).rejects.toMatchObject({ code: 'rate.limited' })
  await expect(redeemPairing(home.ctx, device, '192.168.1.8')).resolves.toBeTruthy()
})

test('a new code voids the maker’s one before, and nobody else’s', async () => {
  await using home = await openHome()
  const maker = home.account()
  const first = await makeFor(home, maker)
  const keepers = await makeFor(home, null)
  const second = await makeFor(home, maker)
  await expect(redeemPairing(home.ctx, first.device, address)).rejects.toMatchObject(refused)
  await expect(redeemPairing(home.ctx, second.device, address)).resolves.toBeTruthy()
  await expect(redeemPairing(home.ctx, keepers.device, address)).resolves.toBeTruthy()
})

test('a code for a CA that was replaced since is refused', async () => {
  await using home = await openHome()
  const { device } = await makeFor(home)
  await new LocalCa({ ...home.ctx, addresses: () => [] }).replaceCa()
  await home.ctx.certificates?.look()
  await expect(redeemPairing(home.ctx, device, address)).rejects.toMatchObject(refused)
})

test('nothing that opens a code, or would, is kept', async () => {
  await using home = await openHome()
  const { code, device } = await makeFor(home)
  const kept = JSON.stringify(home.ctx.db.read.all('select * from pairings'))
  for (const secret of [code, code.replaceAll('-', ''), device.ticket]) expect(kept).not.toContain(secret)
})

test('behind a proxy others vouch for the server, and the code vouches for that', async () => {
  await using home = await testHome({ HEARTHKEEP_PUBLIC_URL: 'https://hearth.example' })
  const { device } = await makeFor(home)
  const { mac, reach } = await redeemPairing(home.ctx, device, address)
  expect(reach).toEqual({
    addresses: ['https://hearth.example'],
    connectPage: 'https://hearth.example/connect',
    ca: null,
  })
  expect(device.isVouched(null, mac)).toBe(true)
})

test('there is nothing to pair with while HTTPS is off', async () => {
  await using home = await testHome()
  expect(() => reachOf(home.ctx)).toThrow(expect.objectContaining({ code: 'pairing.off' }))
})

test('a link says the same as the code and more, all of it behind the #', async () => {
  await using home = await openHome()
  const { code, reach } = await makeFor(home)
  const link = pairingLink({ ...reach, code, invitation: 'AAAA-BBBB-CCCC' })
  const [shown, hidden] = link.split('#')
  expect(shown).toBe('http://hearth.local:4180/connect')
  expect(hidden).toContain(code)
  expect(readPairingCode(link)).toEqual({
    code: code.replaceAll('-', ''),
    fingerprint: new X509Certificate(reach.ca?.toString() ?? '').fingerprint256.replaceAll(':', '').toLowerCase(),
    servers: ['http://hearth.local:4180', 'https://hearth.local:4443', 'https://192.168.1.20:4443'],
    invitation: 'AAAA-BBBB-CCCC',
  })
})

test.each([
  '',
  '7K2M',
  '7K2M-0QRS-9XYZ-1111',
  '7K2M-0QRS-9XYU',
  'https://x.example/#pair=1',
  'ftp://x/#pair=7K2M0QRS9XYZ',
])('%j is no code', (text) => {
  expect(() => readPairingCode(text)).toThrow(expect.objectContaining({ kind: 'pairing', reason: 'not-a-code' }))
})

test('a code may be typed in any way', () => {
  expect(readPairingCode(' 7k2m oqrs–9xyz ').code).toBe('7K2M0QRS9XYZ')
})

function wrong<T extends { ticket: string }>(device: T): T {
  return { ...device, ticket: Buffer.alloc(32).toString('base64url') }
}
