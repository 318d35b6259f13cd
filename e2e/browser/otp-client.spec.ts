import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { freshEmail } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let bundle: string
test.beforeAll(async () => {
  server = await startServer()
  const built = await build({
    stdin: { contents: inPage, resolveDir: join(import.meta.dirname, '..', '..'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  })
  bundle = built.outputFiles[0]?.text ?? ''
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

/** What a page would do: store from an otpauth URI, show the code, export it for Aegis and read that again. */
const inPage = `
import { generateCode } from '#client/surfaces/otp/generate-code.ts'
import { OtpClient } from '#client/surfaces/otp/otp-client.ts'
import { parseOtpauthUri } from '#client/surfaces/otp/otpauth-uri.ts'
import { readOtpFile } from '#client/surfaces/otp/read-otp-file.ts'
import { readStored, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { writeOtpFile } from '#client/surfaces/otp/write-otp-file.ts'

window.journey = async (email, uri) => {
  const client = new OtpClient({ server: location.origin })
  await client.register(email, 'the account password')
  await client.signIn(email, 'the account password')
  const { id } = await client.addDevice('browser', '4711')
  await client.addOtp(id, '4711', toStored(parseOtpauthUri(uri)))
  const { otps } = await client.otps(id, '4711')
  const password = 'the backup password, another'
  const { bytes } = await writeOtpFile(otps, { format: 'aegis', password, now: new Date() })
  const back = await readOtpFile(bytes, { password: async () => password })
  return back.otps.map((stored) => [stored.account, generateCode(readStored(stored), 59000).code])
}
`

test('the client SDK stores, fetches, exports and makes codes in a browser', async ({ page }) => {
  await page.route(`${server.url}/an-app`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${bundle}</script>` }),
  )
  await page.goto(`${server.url}/an-app`)
  const uri = 'otpauth://totp/ACME:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8&issuer=ACME'
  const shown = await page.evaluate(
    ([email, text]) =>
      (window as unknown as { journey(e: string, t: string): Promise<unknown> }).journey(
        email as string,
        text as string,
      ),
    [freshEmail(), uri],
  )
  expect(shown).toEqual([['ACME:ada', '94287082']])
})
