import { expect, test } from 'vitest'
import { routeTable } from '#server/surfaces/index.ts'
import { testHome } from '#server/testing.ts'

const peer = { address: '127.0.0.1', secure: true }
const fingerprint = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, '0').toUpperCase()).join(':')

async function ask(env: Record<string, string>, file: string): Promise<Response> {
  await using home = await testHome(env)
  const path = `/.well-known/${file}`
  const match = routeTable.find(path)
  if (!match) throw new Error('no such route')
  return routeTable.answer(home.ctx, match, new Request(`http://localhost${path}`), peer)
}

test.each(['webauthn', 'assetlinks.json', 'apple-app-site-association'])(
  '%s is 404 until something is set',
  async (file) => {
    expect((await ask({}, file)).status).toBe(404)
  },
)

test('related origins are the https ones', async () => {
  const origins = 'https://keys.example,http://localhost:3000,android:apk-key-hash:'.concat('A'.repeat(43))
  const answer = await ask({ HEARTHKEEP_RP_ORIGINS: `${origins},https://keys.example` }, 'webauthn')
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toEqual({ origins: ['https://keys.example'] })
})

test('origins that are no web pages make no list', async () => {
  expect((await ask({ HEARTHKEEP_RP_ORIGINS: 'http://localhost:3000' }, 'webauthn')).status).toBe(404)
})

test('an Android app with two certificates is one statement', async () => {
  const other = fingerprint.replace('00:01', 'FF:01')
  const apps = `org.example.app:${fingerprint},org.example.app:${other.replaceAll(':', '').toLowerCase()}`
  const answer = await ask({ HEARTHKEEP_ANDROID_APPS: apps }, 'assetlinks.json')
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toEqual([
    {
      relation: ['delegate_permission/common.handle_all_urls', 'delegate_permission/common.get_login_creds'],
      target: {
        namespace: 'android_app',
        package_name: 'org.example.app',
        sha256_cert_fingerprints: [fingerprint, other],
      },
    },
  ])
})

test('Apple apps share web credentials', async () => {
  const answer = await ask({ HEARTHKEEP_APPLE_APPS: 'ABCDE12345.org.example.app' }, 'apple-app-site-association')
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toEqual({ webcredentials: { apps: ['ABCDE12345.org.example.app'] } })
})
