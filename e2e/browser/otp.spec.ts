import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { writeMigrationUris } from '#client/surfaces/otp/google-migration.ts'
import { fromBase32, otpFrom, toBase32 } from '#client/surfaces/otp/otp.ts'
import { readOtpFile } from '#client/surfaces/otp/read-otp-file.ts'
import { writeOtpFile } from '#client/surfaces/otp/write-otp-file.ts'
import { signInTo } from '#e2e/support/members.ts'
import { freshEmail, messagesOf, password, pin, signUp } from '#e2e/support/otp.ts'
import { drawQr, onBackground, pngOf, videoOf } from '#e2e/support/qr-pictures.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { twoFasBackup } from '#e2e/support/two-fas-file.ts'
import { expectGoodLooks, expectLight, watch } from './page-quality.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

/** RFC 6238 appendix B. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
/** Its seeds for the longer hashes: the same digits over and over, as long as the hash. */
const seedOf = (length: number) => toBase32(new TextEncoder().encode('1234567890'.repeat(7).slice(0, length)))
const longSecrets = { SHA256: seedOf(32), SHA512: seedOf(64) }
const rfcTime = 1_111_111_109_000
const otherSecret = 'JBSWY3DPEHPK3PXP'
const filePassword = 'correct horse battery'

/** Somebody with an authenticator on a phone, which made a place named Phone. */
async function phoneOwner() {
  const phone = await signUp(server.url, freshEmail())
  return { phone, email: phone.email, place: await phone.addDevice('Phone') }
}

type Owner = Awaited<ReturnType<typeof phoneOwner>>

async function openCodes(page: Page, { email }: Pick<Owner, 'email'>, devicePin = pin): Promise<void> {
  await signInTo(page, server.url, email, '/home/otp', password)
  await unlock(page, devicePin)
}

async function unlock(page: Page, devicePin = pin): Promise<void> {
  await page.getByLabel('PIN of Phone', { exact: true }).fill(devicePin)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Close', exact: true })).toBeVisible()
}

const said = (page: Page) => page.getByRole('status')
const row = (page: Page, label: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Edit ${label}`, exact: true }) })
const unfold = (page: Page, heading: string) => page.locator('summary', { hasText: heading }).click()

async function choose(page: Page, files: Array<{ name: string; type: string; bytes: Uint8Array }>): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a picture or file' }).click(),
  ])
  await chooser.setFiles(files.map(({ name, type, bytes }) => ({ name, mimeType: type, buffer: Buffer.from(bytes) })))
}

const picture = (text: string, name = 'qr.png') => ({
  name,
  type: 'image/png',
  bytes: pngOf(onBackground(drawQr(text, 4), 900, 700)),
})

/** Drop a file on the page, or paste it, as browsers tell of it. */
async function hand(page: Page, how: 'drop' | 'paste', file: { name: string; type: string; bytes: Uint8Array }) {
  const target = page.getByText('You can also drop it here')
  await target.evaluate(
    (element, [kind, name, type, base64]) => {
      const data = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64 ?? ''), (char) => char.charCodeAt(0))
      data.items.add(new File([bytes], name ?? '', { type: type ?? '' }))
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })
          : new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data })
      element.dispatchEvent(event)
    },
    [how, file.name, file.type, Buffer.from(file.bytes).toString('base64')] as const,
  )
}

test('what a phone stored is shown with the codes of RFC 6238, copied, found, renamed and deleted', async ({
  page,
  context,
}) => {
  const owner = await phoneOwner()
  const { phone, place } = owner
  const uri = (name: string, secret: string, more = '') => `otpauth://totp/${name}?secret=${secret}&digits=8${more}`
  await phone.addOtp(place, 'Mail:mum@x.org', rfcSecret)
  await phone.addOtp(place, 'One', uri('One', rfcSecret))
  await phone.addOtp(place, 'Two', uri('Two', longSecrets.SHA256, '&algorithm=SHA256'))
  await phone.addOtp(place, 'Three', uri('Three', longSecrets.SHA512, '&algorithm=SHA512'))
  await phone.addOtp(place, 'Bank:mum', `otpauth://hotp/Bank:mum?secret=${rfcSecret}&counter=0`)
  await phone.addOtp(place, 'Recovery words', 'apple pear plum!')

  const urls: string[] = []
  page.on('request', (request) => urls.push(request.url()))
  const { complaints } = watch(page, server.url)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.clock.setFixedTime(rfcTime)
  await openCodes(page, owner)
  await expect(page.locator(':focus')).toHaveText('Phone')
  await expect(row(page, 'Mail:mum@x.org')).toContainText('081 804')
  await expect(row(page, 'One')).toContainText('0708 1804')
  await expect(row(page, 'Two')).toContainText('6808 4774')
  await expect(row(page, 'Three')).toContainText('2509 1201')
  await expect(row(page, 'One').getByRole('img', { name: '1 second left' })).toBeVisible()
  await page.clock.setFixedTime(rfcTime + 2000)
  await expect(row(page, 'One')).toContainText('1405 0471')

  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Copy the code of Two' }).click()
  await expect(said(page).filter({ hasText: 'Copied.' })).toBeVisible()
  expect(await clipboard()).toBe('67062674')
  await page.getByRole('button', { name: 'Copy the code of Recovery words' }).click()
  await expect.poll(clipboard).toBe('apple pear plum!')

  const next = page.getByRole('button', { name: 'Next code of Bank:mum' })
  await next.click()
  await expect(row(page, 'Bank:mum')).toContainText('755 224')
  await expect(next).toBeFocused()
  await expect(next).toHaveAccessibleDescription('755 224')
  await next.click()
  await expect(row(page, 'Bank:mum')).toContainText('287 082')
  const kept = await phone.otps(place)
  const bank = kept.answer.data.otps.find(({ account }: { account: string }) => account === 'Bank:mum')
  expect(bank.secret).toContain('counter=2')

  await page.getByRole('searchbox', { name: 'Search' }).fill('thr')
  await expect(page.getByRole('button', { name: /^Edit/ })).toHaveCount(1)
  await page.getByRole('button', { name: 'Edit Three' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit Three' })
  await expect(dialog.getByLabel('Account with')).toHaveValue('Three')
  await dialog.getByLabel('Account with').fill('  ')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Give it a name')
  await dialog.getByLabel('Account with').fill('Three')
  await dialog.getByLabel('User name').fill('dad')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row(page, 'Three:dad')).toContainText('9994 3326')
  await page.getByRole('button', { name: 'Edit Three:dad' }).click()
  await page.getByRole('button', { name: 'Delete Three:dad' }).click()
  await page.getByRole('dialog', { name: 'Delete Three:dad?' }).getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No code matches.')).toBeVisible()

  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByLabel('PIN of Phone', { exact: true })).toBeFocused()
  await expect(page.getByLabel('PIN of Phone', { exact: true })).toHaveValue('')
  await expect(page.getByText('5 codes')).toBeVisible()

  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  )
  for (const secret of [pin, rfcSecret, 'apple pear']) {
    expect(stored).not.toContain(secret)
    expect(server.log()).not.toContain(secret)
    expect(urls.filter((url) => url.includes(encodeURI(secret)))).toEqual([])
  }
  expect(complaints).toEqual([])
})

test('codes come in by typing, by link and by pictures that are chosen, dropped or pasted', async ({ page }) => {
  const owner = await phoneOwner()
  const { complaints } = watch(page, server.url)
  await page.clock.setFixedTime(rfcTime)
  await openCodes(page, owner)
  await expect(page.getByText('Nothing in here yet.')).toBeVisible()

  const add = page.getByRole('button', { name: 'Add', exact: true })
  await page.getByLabel('Key or otpauth link').fill('not a key!')
  await page.getByLabel('Account with').fill('Shop')
  await add.click()
  await expect(page.getByRole('alert').filter({ hasText: 'neither a key' })).toBeVisible()
  await page.getByLabel('Key or otpauth link').fill('gezd gnbv gy3t qojq gezd gnbv gy3t qojq')
  await page.getByText('Settings that are seldom needed').click()
  await page.getByLabel('Digits').selectOption('8')
  await add.click()
  await expect(said(page).filter({ hasText: 'Shop is added.' })).toBeVisible()
  await expect(row(page, 'Shop')).toContainText('0708 1804')
  await page.getByLabel('Key or otpauth link').fill(`otpauth://totp/Other?secret=${rfcSecret}&digits=8`)
  await add.click()
  await expect(page.getByRole('alert').filter({ hasText: 'here already, as Shop' })).toBeVisible()

  const link = (name: string, secret: string) => `otpauth://totp/${name}:mum?secret=${secret}&issuer=${name}`
  await choose(page, [picture('https://example.org/not-a-code')])
  await expect(page.getByRole('alert').filter({ hasText: 'not one of a one-time code' })).toBeVisible()
  await choose(page, [
    { name: 'grey.png', type: 'image/png', bytes: pngOf(onBackground(drawQr('x', 1), 40, 40)).subarray(0, 60) },
  ])
  await expect(page.getByRole('alert').filter({ hasText: 'grey.png could not be read' })).toBeVisible()

  await choose(page, [picture(link('Chosen', 'MFRGGZDF'))])
  await expect(page.getByRole('heading', { name: '1 code was found' })).toBeFocused()
  await hand(page, 'drop', picture(link('Dropped', 'MFRGGZDG')))
  await hand(page, 'paste', picture(link('Pasted', 'MFRGGZDH')))
  await hand(page, 'paste', picture(link('Again', 'MFRGGZDH')))
  await expect(page.getByRole('heading', { name: '4 codes were found' })).toBeVisible()
  await expect(page.getByText('Twice in here')).toBeVisible()
  await page.getByRole('button', { name: 'Add 3 codes' }).click()
  await expect(said(page).filter({ hasText: '3 codes are added.' })).toBeVisible()
  const { answer } = await owner.phone.otps(owner.place)
  expect(answer.data.otps.map(({ account }: { account: string }) => account)).toEqual([
    'Shop',
    'Chosen:mum',
    'Dropped:mum',
    'Pasted:mum',
  ])
  expect(complaints).toEqual([])
})

test('a browser’s own reader of QR codes is used, and ours where that one finds nothing', async ({ page }) => {
  await page.addInitScript((text) => {
    let times = 0
    const detect = async () => (times++ === 0 ? [{ rawValue: text }] : [])
    const detector = Object.assign(
      class {
        detect = detect
      },
      { getSupportedFormats: async () => ['qr_code'] },
    )
    Object.assign(window, { BarcodeDetector: detector })
  }, `otpauth://totp/Native?secret=${otherSecret}`)
  await openCodes(page, await phoneOwner())
  await choose(page, [picture(`otpauth://totp/Unseen?secret=${rfcSecret}`)])
  await expect(page.getByRole('checkbox', { name: 'Native' })).toBeVisible()
  await choose(page, [picture(`otpauth://totp/Ours?secret=${rfcSecret}`)])
  await expect(page.getByRole('checkbox', { name: 'Ours' })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'Unseen' })).toHaveCount(0)
})

test('other authenticators’ exports are looked at, and come in without doubles', async ({ page }) => {
  const owner = await phoneOwner()
  await owner.phone.addOtp(owner.place, 'Mail:mum', otherSecret)
  const { complaints } = watch(page, server.url)
  await openCodes(page, owner)
  await unfold(page, 'Add codes')
  const now = new Date(rfcTime)
  const one = (name: string, secret: string) => ({ account: name, secret })

  const many = Array.from({ length: 23 }, (_, at) =>
    otpFrom({ type: 'totp', issuer: 'Moved', name: `n${at}`, secret: new Uint8Array([7, at, at, at, at]) }),
  )
  const [first = '', second = '', third = ''] = writeMigrationUris(many, 99)
  await choose(page, [picture(third, 'third.png'), picture(first, 'first.png')])
  await expect(page.getByText('This transfer has 3 QR codes; number 2 is missing.')).toBeVisible()
  await choose(page, [picture(second, 'second.png')])
  await expect(page.getByRole('heading', { name: '23 codes were found' })).toBeVisible()
  await expect(page.getByText('is missing')).toBeHidden()
  await page.getByRole('button', { name: 'Add 23 codes' }).click()
  await expect(said(page).filter({ hasText: '23 codes are added.' })).toBeVisible()

  const aegis = await writeOtpFile([one('Mail:other name', otherSecret), one('Aegis:mum', 'MFRGGZDF')], {
    format: 'aegis',
    password: 'short',
    now,
  })
  await choose(page, [{ name: 'aegis.json', type: 'application/json', bytes: aegis.bytes }])
  await page.getByLabel('Password of aegis.json').fill('wrong')
  await page.getByRole('button', { name: 'Open the file' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'does not open it' })).toBeVisible()
  await page.getByLabel('Password of aegis.json').fill('short')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Here already, as Mail:mum')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: /other name/ })).not.toBeChecked()
  await page.getByRole('button', { name: 'Add 1 code', exact: true }).click()
  await expect(row(page, 'Aegis:mum')).toBeVisible()

  const services = [
    { name: 'TwoFas', secret: 'MFRGGZDG', otp: { account: 'mum', tokenType: 'TOTP' } },
    { name: 'Steam', secret: 'MFRGGZDH', otp: { account: 'x', tokenType: 'STEAM' } },
  ]
  await choose(page, [{ name: 'mine.2fas', type: '', bytes: twoFasBackup(services, 'pw') }])
  await page.getByLabel('Password of mine.2fas').fill('pw')
  await page.keyboard.press('Enter')
  await page.getByText('1 entry is left out').click()
  await expect(page.getByText('Steam:x')).toBeVisible()
  await page.getByRole('button', { name: 'Add 1 code', exact: true }).click()
  await expect(row(page, 'TwoFas:mum')).toBeVisible()

  const plain = await writeOtpFile([one('Own', 'MFRGGZDK')], { format: 'hearthkeep', password: null, now })
  const lines = new TextEncoder().encode(`otpauth://totp/Listed?secret=MFRGGZDJ\notpauth://totp/Bad?secret=1\n`)
  await choose(page, [
    { name: 'own.json', type: 'application/json', bytes: plain.bytes },
    { name: 'list.txt', type: 'text/plain', bytes: lines },
  ])
  await page.getByText('1 entry is left out').click()
  await expect(page.getByText('Line 2')).toBeVisible()
  await page.getByRole('button', { name: 'Add 2 codes' }).click()
  await expect(row(page, 'Listed')).toBeVisible()
  await choose(page, [{ name: 'letter.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 …') }])
  await expect(page.getByRole('alert').filter({ hasText: 'letter.pdf could not be read' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('a copy is encrypted in the page, and opens with its password alone', async ({ page }) => {
  const owner = await phoneOwner()
  await owner.phone.addOtp(owner.place, 'Mail:mum', rfcSecret)
  await owner.phone.addOtp(owner.place, 'Recovery words', 'apple pear plum!')
  await openCodes(page, owner)
  await unfold(page, 'Save a copy')
  const fill = async (secret: string) => {
    await page.getByLabel('Password of the file').fill(secret)
    await page.getByLabel('The same again').first().fill(secret)
  }
  const save = page.getByRole('button', { name: 'Save the file' })
  await fill('too short')
  await save.click()
  await expect(page.getByRole('alert').filter({ hasText: 'at least 13 characters' })).toBeVisible()
  for (const [format, holds] of [
    ['hearthkeep', ['Mail:mum', 'Recovery words']],
    ['aegis', ['Mail:mum']],
  ] as const) {
    await page.getByLabel('For', { exact: true }).selectOption(format)
    await fill(filePassword)
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()])
    await expect(page.getByText('The file was tested')).toBeVisible()
    const bytes = new Uint8Array(await readFile(await download.path()))
    expect(Buffer.from(bytes).includes(rfcSecret)).toBe(false)
    const { otps } = await readOtpFile(bytes, { password: async () => filePassword })
    expect(otps.map(({ account }) => account)).toEqual(holds)
    await expect(readOtpFile(bytes, { password: async () => 'another password' })).rejects.toThrow()
  }
  await expect(page.getByText('Aegis cannot keep these, so they are not in the file: Recovery words.')).toBeVisible()
})

test('wrong PINs are counted and lock the place, for the phone too', async ({ page }) => {
  const { email, phone, place } = await phoneOwner()
  await signInTo(page, server.url, email, '/home/otp', password)
  const field = page.getByLabel('PIN of Phone', { exact: true })
  for (const left of [4, 3, 2]) {
    await field.fill('000000')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert').filter({ hasText: `${left} more tries` })).toBeVisible()
    await expect(field).toBeFocused()
  }
  await field.fill('000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'One more wrong one' })).toBeVisible()
  await field.fill('000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'Locked after too many wrong PINs.' })).toBeVisible()
  await expect(page.getByText(/Try again in 1[45] minutes/)).toBeVisible()
  await expect(field).toBeHidden()
  expect(messagesOf(await phone.otps(place))[0]).toContain('Too many wrong passwords')
  await page.reload()
  await expect(page.getByText(/Try again in 1[45] minutes/)).toBeVisible()
  await page.goto(`${server.url}/home/activity`)
  await expect(page.getByText('One-time codes were locked after too many wrong PINs')).toBeVisible()
})

test('a place is made here, renamed, given another PIN and deleted, and the phone sees it', async ({ page }) => {
  const { email, phone } = await phoneOwner()
  await signInTo(page, server.url, email, '/home/otp', password)
  await unfold(page, 'New place for codes')
  await page.getByLabel('Name', { exact: true }).last().fill('Family')
  await page.getByLabel('PIN', { exact: true }).fill('246810')
  await page.getByLabel('The same again').fill('246810')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('radio', { name: /Family/ }).check()
  const places = async () => (await phone.ask('{ devices { id name } }')).answer.data.devices
  const [, made] = await places()

  await page.getByRole('button', { name: 'Rename Family' }).click()
  const naming = page.getByRole('dialog', { name: 'Rename Family' })
  await naming.getByLabel('Name').fill('Us all')
  await naming.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('radio', { name: /Us all/ })).toBeChecked()

  await page.getByRole('button', { name: 'Change PIN of Us all' }).click()
  const changing = page.getByRole('dialog', { name: 'Change PIN of Us all' })
  const type = async (old: string, fresh: string, repeated = fresh) => {
    await changing.getByLabel('PIN until now').fill(old)
    await changing.getByLabel('New PIN', { exact: true }).fill(fresh)
    await changing.getByLabel('New PIN again').fill(repeated)
    await changing.getByRole('button', { name: 'Save' }).click()
  }
  await type('246810', '135790', '135791')
  await expect(changing.getByRole('alert')).toContainText('The two are not the same.')
  await type('000000', '135790')
  await expect(changing.getByRole('alert')).toContainText('not that one')
  await type('246810', '135790')
  await expect(said(page).filter({ hasText: 'The PIN is changed.' })).toBeVisible()
  expect(messagesOf(await phone.otps(Number(made.id), '246810'))).toEqual(['Invalid password.'])
  expect(messagesOf(await phone.otps(Number(made.id), '135790'))).toEqual([])
  await page.getByRole('button', { name: 'Change PIN of Us all' }).click()
  await expect(changing.getByLabel('PIN until now')).toHaveValue('')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Delete Us all' }).click()
  await page.getByRole('dialog', { name: 'Delete Us all' }).getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('radio')).toHaveCount(0)
  expect((await places()).map(({ name }: { name: string }) => name)).toEqual(['Phone'])
})

test('an open place closes when nobody uses it, and when it was out of sight', async ({ page }) => {
  const owner = await phoneOwner()
  await owner.phone.addOtp(owner.place, 'Mail:mum', rfcSecret)
  await page.clock.install()
  await openCodes(page, owner)
  await expect(row(page, 'Mail:mum')).toBeVisible()
  await page.clock.fastForward('04:50')
  await page.keyboard.press('Shift')
  await page.clock.fastForward('04:50')
  await expect(row(page, 'Mail:mum')).toBeVisible()
  await page.clock.fastForward('00:15')
  await expect(page.getByLabel('PIN of Phone', { exact: true })).toBeVisible()
  await expect(said(page).filter({ hasText: 'Closed again' })).toBeVisible()

  // A computer that slept: its timers stood still, its clock did not.
  await unlock(page)
  await page.clock.setSystemTime(Date.now() + 3600_000)
  await page.keyboard.press('Shift')
  await expect(page.getByLabel('PIN of Phone', { exact: true })).toBeVisible()

  // Going away and back shows no codes, even where browsers keep the page.
  await unlock(page)
  await page.getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()
  await page.goBack()
  await expect(page.getByLabel('PIN of Phone', { exact: true })).toBeVisible()
  await expect(row(page, 'Mail:mum')).toHaveCount(0)
})

test('another member’s place cannot be reached with its number', async ({ page }) => {
  const [mine, theirs] = [await phoneOwner(), await phoneOwner()]
  await theirs.phone.addOtp(theirs.place, 'Theirs', rfcSecret)
  const { answer } = await theirs.phone.otps(theirs.place)
  const theirCode = Number(answer.data.otps[0].id)
  await mine.phone.addOtp(mine.place, 'Mine', rfcSecret)
  const own = await mine.phone.otps(mine.place)
  const myCode = Number(own.answer.data.otps[0].id)
  await signInTo(page, server.url, mine.email, '/home/otp', password)
  const replace = (from: string, to: string) =>
    page.route('**/home/otp', async (route) => {
      const body = route.request().postData()?.replaceAll(from, to)
      await route.continue(body ? { postData: body } : {})
    })

  // The page's own actions, sent again with somebody else's numbers in them, and with the right PIN.
  await replace(`"deviceId":${mine.place}`, `"deviceId":${theirs.place}`)
  await page.getByLabel('PIN of Phone', { exact: true }).fill(pin)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'not there any more' })).toBeVisible()
  await page.getByRole('button', { name: 'Rename Phone' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Taken')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('not there any more')
  await page.unrouteAll()
  await page.reload()
  await unlock(page)
  await replace(`[${myCode}]`, `[${theirCode}]`)
  await page.getByRole('button', { name: 'Edit Mine' }).click()
  await page.getByRole('button', { name: 'Delete Mine' }).click()
  const question = page.getByRole('dialog', { name: 'Delete Mine?' })
  await question.getByRole('button', { name: 'Delete' }).click()
  await expect(question.getByRole('alert')).toBeVisible()
  expect((await theirs.phone.otps(theirs.place)).answer.data.otps).toHaveLength(1)
  expect((await theirs.phone.ask('{ devices { name } }')).answer.data.devices).toEqual([{ name: 'Phone' }])
})

test('a camera reads a transfer of several QR codes, and is off afterwards', async ({ browserName }, info) => {
  test.skip(browserName !== 'chromium', 'its fake camera takes a film')
  const owner = await phoneOwner()
  const many = Array.from({ length: 12 }, (_, at) =>
    otpFrom({ type: 'totp', issuer: 'Moved', name: `n${at}`, secret: fromBase32(`MFRGGZD${'ABCDEFGHIJKL'[at]}`) }),
  )
  const film = info.outputPath('transfer.y4m')
  await mkdir(info.outputDir, { recursive: true })
  const frames = ['https://example.org', ...writeMigrationUris(many, 5)].map((text) =>
    onBackground(drawQr(text, 5), 640, 640),
  )
  await writeFile(film, videoOf(frames))
  await using camera = await withCamera(film)
  const page = await camera.newPage()
  const { complaints } = watch(page, server.url)
  await openCodes(page, owner)
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await expect(page.getByRole('heading', { name: '12 codes were found' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: 'Add 12 codes' }).click()
  await expect(said(page).filter({ hasText: '12 codes are added.' })).toBeVisible()
  expect((await owner.phone.otps(owner.place)).answer.data.otps).toHaveLength(12)
  expect(complaints).toEqual([])
})

test('only pages behind sign-in may ask for the camera, and one that is denied is told', async ({ page }) => {
  const owner = await phoneOwner()
  const policy = async (path: string) => (await page.request.get(server.url + path)).headers()['permissions-policy']
  expect(await policy('/sign-in')).toContain('camera=(),')
  await openCodes(page, owner)
  expect(await policy('/home/otp')).toContain('camera=(self)')
  await page.getByRole('button', { name: 'Use the camera' }).click()
  const dialog = page.getByRole('dialog', { name: 'Scan a QR code' })
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Use the camera' })).toBeFocused()
})

test('the page is good in every look: locked, open, with what was found, and in its dialogs', async ({ page }) => {
  test.setTimeout(180_000)
  const owner = await phoneOwner()
  const { complaints } = watch(page, server.url)
  for (const [account, secret] of [
    ['Mail:mum@example.org', rfcSecret],
    [
      'A shop with a very long name that goes on and on:somebody.with.a.long.name@a-very-long-domain.example',
      otherSecret,
    ],
    ['Bank:mum', `otpauth://hotp/Bank:mum?secret=${rfcSecret}&counter=0`],
    ['Recovery words', 'apple pear plum!'],
    ['Work', `otpauth://totp/Work?secret=${rfcSecret}&digits=8`],
    ['Zoo:us', 'MFRGGZDF'],
  ] as const)
    await owner.phone.addOtp(owner.place, account, secret)
  await owner.phone.addDevice('Family')
  await signInTo(page, server.url, owner.email, '/home/otp', password)
  await expectLight(page)
  await page.getByLabel('PIN of Phone', { exact: true }).fill('000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'more tries' })).toBeVisible()
  await expectGoodLooks(page, 'otp/locked')
  await unlock(page)
  await page.getByRole('button', { name: 'Next code of Bank:mum' }).click()
  await expect(row(page, 'Bank:mum')).toContainText('755 224')
  for (const heading of ['Add codes', 'Save a copy', 'Name and PIN', 'New place for codes']) await unfold(page, heading)
  await page.getByText('Settings that are seldom needed').click()
  await expectGoodLooks(page, 'otp/open')
  await choose(page, [
    {
      name: 'list.txt',
      type: 'text/plain',
      bytes: Buffer.from(`otpauth://totp/Zoo:again?secret=MFRGGZDF\notpauth://totp/New:mum?secret=MFRGGZDG\nx`),
    },
  ])
  await expect(page.getByRole('heading', { name: '2 codes were found' })).toBeVisible()
  await page.getByText('1 entry is left out').click()
  await page.getByRole('button', { name: 'Edit Work' }).click()
  await expectGoodLooks(page, 'otp/found-and-edit')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
  await expectGoodLooks(page, 'otp/camera')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Change PIN of Phone' }).click()
  await expectGoodLooks(page, 'otp/pin')
  expect(complaints).toEqual([])
})

/** A browser of its own, whose camera is a film. */
async function withCamera(film: string) {
  const browser: Browser = await chromium.launch({
    ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
  })
  return { newPage: () => browser.newPage(), [Symbol.asyncDispose]: () => browser.close() }
}
