import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, expect, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { makeAccount, signInTo } from '#e2e/support/members.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { caOf, startHouse } from '#e2e/support/tls.ts'
import { keyHash, storeCa, trustedBy } from '#e2e/support/trusting-browser.ts'
import { makeTwoMachines, type TwoMachines, whyNoMachines } from '#e2e/support/two-machines.ts'

/*
 * Issue 9: a home server and a phone, each in a network namespace of its own. The phone knows nothing but what it hears in
 * the house and what it scans.
 */
const why = whyNoMachines()
const note = why === null ? '' : ` (skipped: ${why})`
const how = trustedBy === 'store' ? 'by the CA in its store' : 'by its key, as there is no certutil here'
const name = 'hearth.local'
const env = {
  HEARTHKEEP_HOSTNAME: name,
  HEARTHKEEP_HTTP_PORT: '4180',
  HEARTHKEEP_HTTPS_PORT: '4443',
  HEARTHKEEP_MDNS: 'on',
}

type Found = { url: string; addresses: string[]; fingerprint: string; httpPort: number; verdict: string }

test.describe.configure({ mode: 'serial' })
test.describe('in the house', () => {
  test.skip(why !== null, why ?? '')
  test.setTimeout(150_000)
  let machines: TwoMachines
  let server: TestServer
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-phone-'))
  test.beforeAll(async () => {
    if (why !== null) return
    machines = makeTwoMachines()
    server = await startHouse({ env, through: machines.home.through })
  })
  test.afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    machines?.[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const onPhone = (...args: string[]) =>
    hearthkeep(args, { HEARTHKEEP_DATA_DIR: join(folder, 'none'), XDG_CONFIG_HOME: folder }, '', machines.phone.through)
  const atHome = async (...args: string[]) => {
    const { code, stdout, stderr } = await hearthkeep(args, { HEARTHKEEP_DATA_DIR: server.dataFolder, ...env })
    expect([code, stderr]).toEqual([0, ''])
    return JSON.parse(stdout)
  }
  const discover = async (): Promise<Found[]> => JSON.parse((await onPhone('discover', '--json')).stdout).servers ?? []

  test(`it is found by mDNS, paired with by twelve characters alone, and a neighbour who calls himself the same is told${note}`, async () => {
    await expect.poll(async () => (await discover()).length, { timeout: 30_000 }).toBe(1)
    const [found] = await discover()
    const fingerprint = new X509Certificate(caOf(server)).fingerprint256
    expect(found).toMatchObject({
      url: `https://${name}:4443`,
      addresses: [machines.home.address],
      httpPort: 4180,
      fingerprint,
      verdict: 'new',
    })

    const { code } = await atHome('pair', '--json')
    const paired = await onPhone('pair', '--with', code, '--json')
    // The phone's system does not resolve names of the house here, so the address is taken.
    expect(JSON.parse(paired.stdout)).toMatchObject({
      ok: true,
      baseUrl: `https://${machines.home.address}:4443`,
      fingerprint,
    })

    await using neighbour = await startHouse({ env, through: machines.phone.through })
    expect(new X509Certificate(caOf(neighbour)).fingerprint256).not.toBe(fingerprint)
    await expect
      .poll(async () => (await discover()).map(({ verdict }) => verdict).sort(), { timeout: 30_000 })
      .toEqual(['differs', 'known'])
    expect(neighbour.log()).toContain('another machine in the house has this name')
    const { stdout } = await onPhone('discover')
    expect(stdout).toContain('NOT the certificate authority that you paired with')
    await neighbour.stop()
    await expect
      .poll(async () => (await discover()).map(({ verdict }) => verdict), { timeout: 30_000 })
      .toEqual(['known'])
  })

  test(`a phone that knows nothing: scan, compare, trust (${how}), join, a passkey, a file kept and fetched${note}`, async () => {
    const [found] = await discover()
    const { link, fingerprint } = await atHome('pair', '--invite', '--json')
    expect(link).toMatch(/^http:\/\/hearth\.local:4180\/connect#/)
    const ca = await test.step('trust', async () => {
      await using browser = await openOnPhone(found?.addresses[0] ?? '')
      const page = await browser.newPage({ acceptDownloads: true })
      await page.goto(link)
      await expect(page.getByRole('heading', { name: 'You are invited' })).toBeVisible()
      await expect(page.getByText('This device does not trust Hearthkeep yet')).toBeVisible()
      await expect(page.getByText(fingerprint)).toBeVisible()
      const arriving = page.waitForEvent('download')
      await page.locator('details[open]').getByRole('link', { name: 'Download the certificate' }).click()
      return readFile(await (await arriving).path(), 'utf8')
    })
    expect(new X509Certificate(ca).fingerprint256).toBe(fingerprint)
    if (trustedBy === 'store') storeCa(folder, ca)

    const byKey = trustedBy === 'key' ? [`--ignore-certificate-errors-spki-list=${keyHash(server)}`] : []
    await using browser = await openOnPhone(found?.addresses[0] ?? '', byKey)
    const page = await browser.newPage()
    page.setDefaultTimeout(30_000)
    const finger = await addAuthenticator(page)
    await page.goto(link)
    await expect(page.getByText('This device trusts Hearthkeep.')).toBeVisible()
    await page.getByRole('link', { name: 'Make my account' }).click()
    await expect(page).toHaveURL(new RegExp(`^https://${name}:4443/join/`))
    await makeAccount(page, 'kid@home.test')
    for (const words of ['Add a passkey', 'Make my recovery codes', 'I have kept them'])
      await page.getByRole('button', { name: words }).click()
    await expect(page).toHaveURL(`https://${name}:4443/home`)

    await page.goto(`https://${name}:4443/home/backups`)
    const file = { name: 'deed.txt', mimeType: 'text/plain', buffer: Buffer.from('the deed of the house') }
    await page.locator('input[type=file]').first().setInputFiles(file)
    await page.getByLabel('Name of the backup').fill('Papers')
    await page.getByLabel('Passkey', { exact: false }).first().check()
    await page.getByRole('button', { name: 'Encrypt and keep' }).click()
    await expect(page.getByRole('heading', { name: 'Your files are safe.' })).toBeVisible({ timeout: 30_000 })

    // The browser forgets everything; the phone's passkey is what is left.
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Storage.clearDataForOrigin', { origin: `https://${name}:4443`, storageTypes: 'all' })
    await page.context().clearCookies()
    // The virtual authenticator answers the sign-in page before anybody has asked.
    await finger.setPresent(false)
    await signInTo(page, `https://${name}:4443`, 'kid@home.test', '/home/backups')
    await finger.setPresent(true)
    await page.getByRole('button', { name: 'Open here: Papers' }).click()
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download deed.txt' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toBe('the deed of the house')
  })

  /** A browser on the phone, for which the name leads where mDNS said, as on systems that ask it themselves. */
  async function openOnPhone(address: string, more: string[] = []): Promise<Browser & AsyncDisposable> {
    const program = join(folder, 'browser.sh')
    const browser = process.env.CHROMIUM ?? chromium.executablePath()
    writeFileSync(program, `#!/bin/sh\nexec ${machines.phone.through.join(' ')} '${browser}' "$@"\n`)
    chmodSync(program, 0o700)
    const opened = await chromium.launch({
      executablePath: program,
      env: { ...process.env, HOME: folder } as Record<string, string>,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        `--host-resolver-rules=MAP ${name} ${address}`,
        ...more,
      ],
    })
    return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
  }
})
