import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { build } from 'esbuild'
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

/** What an app in a page would do: keep keys and log in IndexedDB, stay in step, show what is known. */
const inPage = `
import { createPrivateKey, importKeys, openPrivateKey, sealPrivateKey } from '#client/surfaces/oplog/keys.ts'
import { openIndexedDbStore } from '#client/surfaces/oplog/indexed-db-store.ts'
import { OperationLog } from '#client/surfaces/oplog/operation-log.ts'
import { watchLog } from '#client/surfaces/oplog/watch-log.ts'
import { toBase64, fromBase64 } from '#client/encoding/base64.ts'

const passphrase = 'correct horse battery'
const kdf = { memoryKiB: 8, iterations: 1, parallelism: 1 }
const textOf = ({ content }) => new TextDecoder().decode(content)

window.createKey = async () => toBase64(await sealPrivateKey(await createPrivateKey(2048), passphrase, { kdf }))

window.openLog = async (sealed) => {
  const store = await openIndexedDbStore('a log')
  if (sealed) await store.saveKeys(await importKeys(await openPrivateKey(fromBase64(sealed), passphrase)))
  const keys = await store.readKeys()
  window.isKeyReadable = () => crypto.subtle.exportKey('pkcs8', keys.decrypt).then(() => true, () => false)
  window.heard = []
  const onOperation = (operation) => window.heard.push(textOf(operation))
  const log = await OperationLog.open({ server: location.origin, keys, store, onOperation })
  window.append = async (text) => (await log.append(new TextEncoder().encode(text))).index
  window.all = async () => {
    const texts = []
    for await (const operation of log.operations()) texts.push(textOf(operation))
    return texts.sort()
  }
  window.pending = () => log.pendingCount
  window.watch = () => void watchLog(log, { signal: new AbortController().signal })
}
`

const script = { createKey: 'createKey()', watch: 'watch()', all: 'all()', heard: 'heard', pending: 'pending()' }

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.route(`${server.url}/an-app`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${bundle}</script>` }),
  )
  await page.goto(`${server.url}/an-app`)
  return page
}

const open = (page: Page, sealed?: string) => page.evaluate(`openLog(${JSON.stringify(sealed)})`)
const append = (page: Page, text: string) => page.evaluate(`append(${JSON.stringify(text)})`)
const all = (page: Page) => page.evaluate(script.all)
const heard = (page: Page) => expect.poll(() => page.evaluate(script.heard), { timeout: 15_000 })

test('two pages see each other’s operations live, and have them after a reload', async ({ browser }) => {
  const [ann, ben] = await Promise.all([browser.newContext(), browser.newContext()])
  const [one, two] = [await openPage(ann), await openPage(ben)]
  const sealed = (await one.evaluate(script.createKey)) as string
  for (const page of [one, two]) {
    await open(page, sealed)
    await page.evaluate(script.watch)
  }
  let asked = 0
  two.on('request', (request) => {
    if (request.url().endsWith('/sync')) asked += 1
  })
  await append(one, 'from one')
  await heard(two).toEqual(['from one'])
  await append(two, 'from two')
  await heard(one).toEqual(['from one', 'from two'])
  // A page that polled instead of waiting would have asked far more often.
  expect(asked).toBeLessThan(10)

  await two.reload()
  await open(two)
  expect(await all(two)).toEqual(['from one', 'from two'])
  expect(await two.evaluate('isKeyReadable()')).toBe(false)
  await Promise.all([ann.close(), ben.close()])
})

test('what is written offline outlives a reload and arrives when the page is online again', async ({ browser }) => {
  const [ann, ben] = await Promise.all([browser.newContext(), browser.newContext()])
  const [one, two] = [await openPage(ann), await openPage(ben)]
  const sealed = (await one.evaluate(script.createKey)) as string
  for (const page of [one, two]) await open(page, sealed)
  await one.evaluate(script.watch)

  await two.route(`${server.url}/sync`, (route) => route.abort())
  await two.evaluate(script.watch)
  await append(two, 'written offline')
  await two.reload()
  await open(two)
  expect([await two.evaluate(script.pending), await all(two)]).toEqual([1, ['written offline']])
  await two.evaluate(script.watch)
  await two.unroute(`${server.url}/sync`)
  await heard(one).toEqual(['written offline'])
  await Promise.all([ann.close(), ben.close()])
})

test('two tabs of one browser are one device: each index once, and the one that watches sends for both', async ({
  browser,
}) => {
  const [ann, ben] = await Promise.all([browser.newContext(), browser.newContext()])
  const [watching, silent, far] = [await openPage(ann), await openPage(ann), await openPage(ben)]
  const sealed = (await watching.evaluate(script.createKey)) as string
  await open(watching, sealed)
  await open(silent)
  await open(far, sealed)
  for (const page of [watching, far]) await page.evaluate(script.watch)
  const texts = Array.from({ length: 10 }, (_, n) => `operation ${n}`)
  const indices = await Promise.all(texts.map((text, n) => append(n % 2 ? watching : silent, text)))
  expect(new Set(indices).size).toBe(texts.length)
  await expect.poll(() => all(far), { timeout: 15_000 }).toEqual(texts)
  await expect.poll(() => watching.evaluate('heard.toSorted()'), { timeout: 15_000 }).toEqual(texts)
  await Promise.all([ann.close(), ben.close()])
})
