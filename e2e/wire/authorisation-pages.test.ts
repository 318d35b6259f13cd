import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { callAction, everyAction, everyPath, type PageAction, signInToPages } from '#e2e/support/page-actions.ts'
import { password, personOf, rawRequest, register } from '#e2e/support/personas.ts'
import type { TestServer } from '#e2e/support/server.ts'

/**
 * Every page and every server action of the built product × whoever may come. They are found in the build, so that a
 * new one is tried without anybody thinking of it; what nobody has to sign in for is listed here.
 */

const actions = everyAction()
/** Those of the keeper's pages, and this one of the page that brings devices here. */
const keepersActions = actions.filter(({ name }) => /^app\/\(admin\)\/| makeInvitingCode$/.test(name))
/** By a claim of this browser's own while set-up is open (`setup.spec.ts`), and by nobody ever after. */
const ofSetup = actions.filter(({ name }) => name.startsWith('app/(welcome)/setup/'))

/** Actions for people who are not signed in, and what they say to somebody who sends nothing. */
const open: Record<string, string> = {
  'app/_components/choose-language.ts chooseLanguage': 'ok',
  // There is nobody to sign out, and the cookie goes.
  'app/_components/sign-out-action.ts signOut': 'ok',
  'app/(welcome)/leaving/actions.ts signOutLeaving': 'ok',
  'app/(welcome)/leaving/actions.ts keepMyAccount': 'account.not_leaving',
  'app/(welcome)/join/actions.ts checkInvitation': 'input.invalid',
  'app/(welcome)/join/actions.ts makeAccount': 'input.invalid',
  'app/(welcome)/sign-in/actions.ts askPasskey': 'passkey.address',
  'app/(welcome)/sign-in/actions.ts signInByPasskey': 'input.invalid',
  'app/(welcome)/sign-in/actions.ts signInByPassword': 'input.invalid',
  'app/(welcome)/sign-in/actions.ts signInByRecoveryCode': 'input.invalid',
}
const closed = actions.filter((action) => !(action.name in open) && !ofSetup.includes(action))

/** What a page never sends. */
const nonsense: unknown[] = [[null], [{ id: -1, name: { a: [] } }, [[[]]], 1e308], ['x', 'y', 'z']]
const brokenBodies = [
  '',
  '{',
  'null',
  '"x"',
  '["$F1"]',
  '["$K1"]',
  '["$@0"]',
  '["$Q7"]',
  '[{"__proto__":1}]',
  '["$1:a:b"]',
]

describe('who may see and do what at the pages (design §6)', () => {
  let server: TestServer
  let email: string
  let cookies: Record<'member' | 'admin' | 'disabled' | 'leaving', string>

  const enter = (name: string) => signInToPages(server.url, name, password)
  const visit = (path: string, cookie?: string, headers: Record<string, string> = {}) =>
    fetch(server.url + path, { redirect: 'manual', headers: { ...headers, ...(cookie ? { Cookie: cookie } : {}) } })

  beforeAll(async () => {
    server = await startKeptServer({ pages: true, env: { HEARTHKEEP_ADMIN_PASSWORD: password } })
    const people = await Promise.all([1, 2, 3].map(() => register(server.url)))
    const [member = '', disabled = '', leaving = ''] = people.map((one) => one.email)
    email = member
    cookies = {
      member: await enter(member),
      admin: await enter(keeper.email),
      disabled: await enter(disabled),
      leaving: await enter(leaving),
    }
    // As the keeper's pages do it, without the sessions being ended: each door has to look for itself.
    const sqlite = new Sqlite(join(server.dataFolder, 'hearthkeep.sqlite'))
    const set = sqlite.prepare('update accounts set disabled_at = 1, delete_at = ? where email = ?')
    set.run(null, disabled)
    set.run(Date.now() + 1_000_000_000, leaving)
    sqlite.close()
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  /** Each action as somebody. @returns what it said: `ok`, a code, or else what came */
  async function say(which: PageAction[], call: Parameters<typeof callAction>[2]): Promise<Record<string, string>> {
    const answers = which.map(async (action) => {
      const { status, outcome, text } = await callAction(server.url, action, call)
      return [action.name, outcome ? (outcome.ok ? 'ok' : String(outcome.code)) : `${status} ${text.slice(0, 200)}`]
    })
    return Object.fromEntries(await Promise.all(answers))
  }
  const all = (which: PageAction[], said: string) => Object.fromEntries(which.map(({ name }) => [name, said]))

  test('what is open to everybody is listed, and says no to nonsense', async () => {
    const there = actions.filter(({ name }) => name in open)
    expect(there.map(({ name }) => name).toSorted()).toEqual(Object.keys(open).toSorted())
    expect(await say(there, {})).toEqual(open)
  })

  test('every other action refuses nobody, somebody disabled and somebody leaving before it looks at anything', async () => {
    expect(closed.length).toBeGreaterThan(30)
    for (const cookie of [undefined, cookies.disabled, cookies.leaving, 'hearthkeep=made-up'])
      expect(await say(closed, { cookie }), cookie ?? 'nobody').toEqual(all(closed, 'auth.signed_out'))
  })

  test('set-up is closed for ever, for keepers too', async () => {
    for (const cookie of [undefined, cookies.member, cookies.admin])
      expect(Object.values(await say(ofSetup, { cookie }))).not.toContain('ok')
  })

  test('a keeper’s action does not exist for a member', async () => {
    expect(await say(keepersActions, { cookie: cookies.member })).toEqual(all(keepersActions, 'not_found'))
  })

  test('no action is done for another site, nor for what is no page (CSRF)', async () => {
    const wrong: string[] = []
    for (const action of actions)
      for (const origin of ['http://evil.example', 'null', null, `${server.url}.evil.example`]) {
        const { status, outcome } = await callAction(server.url, action, { cookie: cookies.admin, origin })
        if (status !== 403 || outcome) wrong.push(`${action.name} from ${origin}: ${status}`)
      }
    expect(wrong).toEqual([])
    const upload = await fetch(`${server.url}/home/personas/upload?id=planted`, {
      method: 'POST',
      headers: { Cookie: cookies.member, Origin: 'http://evil.example' },
      body: 'PK',
    })
    expect(upload.status).toBe(403)
  })

  test('no page comes behind the answer to signing in and out, for that page is left (Firefox tells of the break)', async () => {
    const call = (name: string, given: Parameters<typeof callAction>[2]) => {
      const action = actions.find((one) => one.name.endsWith(` ${name}`))
      return callAction(server.url, { id: action?.id ?? '', path: name === 'signOut' ? '/home' : '/sign-in' }, given)
    }
    for (const { outcome, cookie, text } of [
      await call('signInByPassword', { args: [{ name: email, password }] }),
      await call('signOut', { cookie: await enter(email) }),
    ]) {
      expect(outcome).toMatchObject({ ok: true })
      expect(cookie).toMatch(/^hearthkeep=/)
      expect(text).not.toContain('"html"')
    }
  })

  test('nonsense is the sender’s fault, whatever it is', async () => {
    const wrong: string[] = []
    const { email: somebody } = await register(server.url)
    let cookie = await enter(somebody)
    for (const action of actions) {
      // Some end the session.
      if ((await visit('/home/activity', cookie)).status !== 200) cookie = await enter(somebody)
      for (const args of nonsense) {
        const { status, outcome } = await callAction(server.url, action, { args, cookie })
        if (status >= 500 || outcome?.code === 'server.failed')
          wrong.push(`${action.name} ${JSON.stringify(args)}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('a keeper’s nonsense is the keeper’s fault as well', async () => {
    const wrong: string[] = []
    let cookie = await enter(keeper.email)
    for (const action of keepersActions) {
      if ((await visit('/home/activity', cookie)).status !== 200) cookie = await enter(keeper.email)
      for (const args of nonsense) {
        const { status } = await callAction(server.url, action, { args, cookie })
        if (status >= 500) wrong.push(`${action.name} ${JSON.stringify(args)}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test.each(brokenBodies)('the body %j of an action never makes a 5xx', async (body) => {
    const action = closed[0]
    const answer = await fetch(server.url + action?.path, {
      method: 'POST',
      headers: { 'Next-Action': action?.id ?? '', Origin: server.url, 'Content-Type': 'text/plain;charset=UTF-8' },
      body,
    })
    expect(answer.status).toBeLessThan(500)
  })

  test('every page of a member is theirs alone', async () => {
    const wrong: string[] = []
    for (const { path, kind } of everyPath('/home')) {
      const wayIn = `/sign-in?next=${encodeURIComponent(path)}`
      for (const [who, cookie, status, to] of [
        ['nobody', undefined, 307, wayIn],
        ['disabled', cookies.disabled, 307, wayIn],
        ['leaving', cookies.leaving, 307, '/leaving'],
      ] as const) {
        const answer = await visit(path, cookie)
        const isShut = answer.status === status && answer.headers.get('location') === to
        const isNoPage = kind === 'route' && [400, 401, 403, 405].includes(answer.status)
        if (!isShut && !isNoPage) wrong.push(`${path} as ${who}: ${answer.status} ${answer.headers.get('location')}`)
      }
      for (const cookie of [cookies.member, cookies.admin]) {
        const { status } = await visit(path, cookie)
        if (kind === 'page' ? status !== 200 : status >= 500) wrong.push(`${path}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('every page of a keeper is theirs alone, and does not exist for members', async () => {
    const wrong: string[] = []
    for (const { path, kind } of everyPath('/admin'))
      for (const [who, cookie, expected] of [
        ['nobody', undefined, [307]],
        ['disabled', cookies.disabled, [307]],
        ['leaving', cookies.leaving, [307]],
        ['member', cookies.member, [404]],
        [
          'admin',
          cookies.admin,
          kind === 'page' && !path.includes('00000000-') ? [200] : [200, 307, 400, 403, 404, 405],
        ],
      ] as const) {
        const { status } = await visit(path, cookie)
        const isNoPage = kind === 'route' && who !== 'admin' && [401, 403, 404, 405].includes(status)
        if (!isNoPage && !(expected as readonly number[]).includes(status)) wrong.push(`${path} as ${who}: ${status}`)
      }
    expect(wrong).toEqual([])
  })

  test('a page asks for itself, whatever layouts a browser claims to have already', async () => {
    const wrong: string[] = []
    for (const { path, kind } of [...everyPath('/home'), ...everyPath('/admin')]) {
      if (kind === 'route') continue
      const [first = '', ...rest] = path.split('/').filter(Boolean)
      for (const [who, cookie, isLet] of [
        ['nobody', undefined, false],
        ['member', first === 'admin' ? cookies.member : cookies.disabled, false],
        ['admin', cookies.admin, true],
      ] as const) {
        const headers = { RSC: '1', 'Next-Router-State-Tree': treeOf(first, rest) }
        const sent = await visit(`${path}?_rsc=1`, cookie, headers)
        // Next wants to hear its own sum of these headers, and says which one.
        const answer = await visit(sent.headers.get('location') ?? path, cookie, headers)
        const text = await answer.text()
        const isRefused = answer.status >= 300 || /NEXT_REDIRECT|NEXT_HTTP_ERROR_FALLBACK;404/.test(text)
        // Around the page would be its sections: they were not made, or this shows nothing.
        const isWhole = text.includes('/home/activity') && text.includes('/home/devices')
        if (isLet ? answer.status !== 200 || isWhole : answer.status >= 500 || !isRefused)
          wrong.push(`${path} as ${who}: ${answer.status} ${text.slice(0, 300)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('no page is shown inside another, nor kept by what is in between (clickjacking)', async () => {
    for (const path of ['/', '/sign-in', '/home', '/home/security', '/admin', '/nothing/here']) {
      const { headers } = await visit(path, cookies.admin)
      expect(headers.get('x-frame-options'), path).toBe('DENY')
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      if (/home|admin/.test(path)) expect(headers.get('cache-control'), path).toMatch(/no-store|no-cache/)
    }
    expect((await fetch(`${server.url}/docs`)).headers.get('content-security-policy')).toContain(
      "frame-ancestors 'none'",
    )
  })

  test('a session that was planted before signing in is worth nothing afterwards (fixation)', async () => {
    const planted = await enter((await register(server.url)).email)
    const own = await signInToPages(server.url, email, password, planted)
    expect(own).not.toBe(planted)
    expect((await visit('/home', own)).status).toBe(200)
    expect((await visit('/home', planted)).status).toBe(307)
    const madeUp = `hearthkeep=${'A'.repeat(43)}`
    expect(await signInToPages(server.url, email, password, madeUp)).not.toBe(madeUp)
    expect((await visit('/home', madeUp)).status).toBe(307)
  })

  test('nobody is led away after signing in, however it is spelled (open redirect)', async () => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/%5cevil.example',
      '/home/../../evil.example',
    ])
      for (const path of ['/sign-in', '/']) {
        const { status, headers } = await visit(`${path}?next=${encodeURIComponent(next)}`, cookies.member)
        const to = headers.get('location')
        if (status >= 300) expect(new URL(to ?? '/', server.url).origin, `${path} ${next}`).toBe(server.url)
      }
  })

  test('ids are names, never paths: not in uploads, downloads and what a browser saves', async () => {
    const person = personOf(server.url, email)
    const tricks = [
      '..',
      '../../etc/passwd',
      'a/b',
      'a\\b',
      'CON',
      'nul.txt',
      '.hidden',
      'x'.repeat(500),
      'a\u0000b',
      '"; filename=x',
      '%2e%2e',
      '\u202egnp.exe',
    ]
    for (const id of tricks) {
      const encoded = encodeURIComponent(id)
      const put = await rawRequest(server.url, `/personas/${encoded}`, {
        method: 'POST',
        headers: { ...person.auth, 'Content-Type': 'application/zip' },
        body: `PK ${id}`,
      })
      expect(put.status, id).toBeLessThan(500)
      const page = await visit(`/home/personas/file?id=${encoded}&version=1`, cookies.member)
      const body = await page.text()
      expect(page.status, id).toBeLessThan(500)
      if (put.status < 300 && page.status === 200) expect(body, id).toBe(`PK ${id}`)
      const name = page.headers.get('content-disposition')
      if (name) expect(name, id).toMatch(/^attachment; filename="[^"/\\]*"; filename\*=UTF-8''[^/\\"]*$/)
    }
    for (const path of [
      '/home/personas/file?id=..%2f..%2f..%2fhearthkeep.sqlite&version=1',
      '/home/cloud/file?device=..%2f&version=1',
      '/..%2f..%2fetc%2fpasswd',
      '/_next/..%2f..%2fpackage.json',
      '/_next/static/..%2f..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/_next/image?url=%2Fhome%2Factivity&w=64&q=75',
      '/_next/image?url=http%3A%2F%2F127.0.0.1%2Fmetrics&w=64&q=75',
      '/_next/data/x/home.json',
      '/public/..%5c..%5cpackage.json',
    ]) {
      const { status, body } = await rawRequest(server.url, path, { headers: { Cookie: cookies.member } })
      expect(status, path).toBeGreaterThanOrEqual(300)
      expect(status, path).toBeLessThan(500)
      expect(body.toString(), path).not.toMatch(/SQLite format|"dependencies"|root:x/)
    }
  })

  test('a name that somebody else pointed here opens no page and no session (rebinding)', async () => {
    for (const path of ['/home', '/admin', '/sign-in']) {
      const headers = { Host: 'evil.example', Cookie: cookies.admin }
      expect((await rawRequest(server.url, path, { headers })).status, path).toBe(421)
    }
    const action = { 'Next-Action': actions[0]?.id ?? '', Origin: 'http://evil.example', Host: 'evil.example' }
    expect((await rawRequest(server.url, '/sign-in', { method: 'POST', headers: action, body: '[]' })).status).toBe(421)
  })
})

/** The place in the app of a browser that looks at another page of the same part, with its layout. */
function treeOf(first: string, rest: string[]): string {
  const page = (name: string) => ({ children: [name, { children: ['__PAGE__', {}] }] })
  const elsewhere = rest[0] === 'elsewhere' ? 'other' : 'elsewhere'
  const tree = ['', { children: [`(${first})`, { children: [first, page(elsewhere)] }] }, null, null, 16]
  return encodeURIComponent(JSON.stringify(tree))
}
