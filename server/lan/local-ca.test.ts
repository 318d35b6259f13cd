import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CertificateUnusable } from './certificate-file.ts'
import { day, testCa } from './testing.ts'

test('CA and certificate are made at first need, kept for their owner alone, and found again', async () => {
  using home = testCa()
  const first = await home.open().read()
  const folder = join(home.dataFolder, 'tls')
  expect(readdirSync(folder).sort()).toEqual(['ca.pem', 'server.pem'])
  if (process.platform !== 'win32')
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600)
  const again = await home.open().read()
  expect([again.certificate, again.key]).toEqual([first.certificate, first.key])
  for (const name of ['hearth.test', 'localhost']) expect(first.leaf.checkHost(name), name).toBe(name)
  for (const address of ['127.0.0.1', '::1', '192.168.1.20']) expect(first.leaf.checkIP(address), address).toBe(address)
})

test('the certificate is renewed well before its end, by the same CA', async () => {
  using home = testCa()
  const ca = home.open()
  const first = await ca.read()
  home.world.ahead = 300 * day
  expect((await ca.read()).certificate).toBe(first.certificate)
  home.world.ahead = 320 * day
  const second = await ca.read()
  expect(second.certificate).not.toBe(first.certificate)
  expect(second.ca?.fingerprint256).toBe(first.ca?.fingerprint256)
  expect((await ca.read()).certificate).toBe(second.certificate)
})

test('a certificate from a clock that ran ahead is made anew when the clock is right again', async () => {
  using home = testCa()
  home.world.ahead = 3000 * day
  await home.open().renew()
  home.world.ahead = 3000 * day - 5 * day
  const made = await home.open().read()
  expect(made.leaf.validFromDate.getTime()).toBeLessThanOrEqual(home.clock.now())
})

test('near the end of the CA it does not make one certificate after the other', async () => {
  using home = testCa()
  const ca = home.open()
  await ca.read()
  home.world.ahead = 3640 * day
  const last = await ca.read()
  expect((await ca.read()).certificate).toBe(last.certificate)
})

test('a new address is taken in; one that is gone is no reason to change', async () => {
  using home = testCa()
  const ca = home.open()
  const first = await ca.read()
  home.world.addresses = ['192.168.1.20', '10.0.0.7']
  const second = await ca.read()
  expect(second.leaf.checkIP('10.0.0.7')).toBe('10.0.0.7')
  expect(second.certificate).not.toBe(first.certificate)
  home.world.addresses = []
  expect((await ca.read()).certificate).toBe(second.certificate)
})

test('another name does not cost the devices’ trust: the CA stays, and what it may not sign for is left out', async () => {
  using home = testCa()
  const first = await home.open().read()
  home.world.hostname = 'renamed.test'
  const ca = home.open()
  const kept = await ca.read()
  expect(kept.ca?.fingerprint256).toBe(first.ca?.fingerprint256)
  expect(kept.leaf.checkHost('renamed.test')).toBeUndefined()
  const replaced = await ca.replaceCa()
  expect(replaced.ca?.fingerprint256).not.toBe(first.ca?.fingerprint256)
  expect(replaced.leaf.checkHost('renamed.test')).toBe('renamed.test')
  expect(readdirSync(join(home.dataFolder, 'tls')).filter((name) => /^ca-[0-9a-f]{12}\.pem$/.test(name))).toHaveLength(
    1,
  )
})

test('a damaged certificate is made anew; a damaged CA is not, as devices trust it', async () => {
  using home = testCa()
  const first = await home.open().read()
  const path = (name: string) => join(home.dataFolder, 'tls', name)
  writeFileSync(path('server.pem'), readFileSync(path('server.pem'), 'utf8').slice(0, 700))
  const second = await home.open().read()
  expect(second.ca?.fingerprint256).toBe(first.ca?.fingerprint256)
  for (const damage of ['', 'nonsense', readFileSync(path('ca.pem'), 'utf8').slice(0, 900)]) {
    writeFileSync(path('ca.pem'), damage)
    await expect(home.open().read()).rejects.toThrow(CertificateUnusable)
  }
})

test('an IP address for a name goes among the addresses', async () => {
  using home = testCa()
  home.world.hostname = '192.168.7.7'
  expect((await home.open().read()).leaf.checkIP('192.168.7.7')).toBe('192.168.7.7')
})
