import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const built = join(import.meta.dirname, '..', '..', '.next')

/** A server action as the build knows it. */
export type PageAction = {
  id: string
  /** File and name, e.g. `app/(home)/home/actions.ts signOut`. */
  name: string
  /** A page that has it, e.g. `/home/security`. */
  path: string
}

type Manifest = { node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }> }

/** Every server action of the built product, found by itself. */
export function everyAction(): PageAction[] {
  const text = readFileSync(join(built, 'server', 'server-reference-manifest.json'), 'utf8')
  return Object.entries((JSON.parse(text) as Manifest).node)
    .map(([id, { workers, filename, exportedName }]) => {
      const pages = Object.keys(workers).map((worker) => pathOf(worker.replace(/^app/, '').replace(/\/page$/, '')))
      // Where nobody needs to be signed in, so that the page itself refuses nobody.
      const path = pages.find((one) => !/^\/(home|admin)/.test(one)) ?? pages[0] ?? '/'
      return { id, name: `${filename} ${exportedName}`, path }
    })
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Paths of pages and route handlers under a folder, e.g. `/home`, with something in place of parameters. */
export function everyPath(under: string): Array<{ path: string; kind: 'page' | 'route' }> {
  const text = readFileSync(join(built, 'server', 'app-paths-manifest.json'), 'utf8')
  return Object.keys(JSON.parse(text) as object)
    .map((entry) => ({
      path: pathOf(entry.replace(/\/(page|route)$/, '')),
      kind: entry.endsWith('/route') ? ('route' as const) : ('page' as const),
    }))
    .filter(({ path }) => path === under || path.startsWith(`${under}/`))
    .toSorted((a, b) => a.path.localeCompare(b.path))
}

function pathOf(folder: string): string {
  return folder.replace(/\/\([^)]*\)/g, '').replace(/\[+[^\]]*\]+/g, '00000000-0000-7000-8000-000000000000') || '/'
}

export type Answered = {
  status: number
  cookie: string | null
  /** What the action returned, where that is an outcome. */
  outcome: { ok: boolean; code?: string } | null
  text: string
}

type Call = { args?: unknown; cookie?: string | undefined; origin?: string | null }

/** Call a server action as a browser's page does. @param origin  null = without the header */
export async function callAction(
  url: string,
  { id, path }: Pick<PageAction, 'id' | 'path'>,
  { args = [], cookie, origin = url }: Call = {},
): Promise<Answered> {
  const response = await fetch(url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      Accept: 'text/x-component',
      'Content-Type': 'text/plain;charset=UTF-8',
      'Next-Action': id,
      ...(origin === null ? {} : { Origin: origin }),
      ...(cookie ? { Cookie: cookie } : {}),
    },
    body: JSON.stringify(args),
  })
  const text = await response.text()
  const said = /^\d+:(\{"ok":.*\})$/m.exec(text)?.[1]
  return {
    status: response.status,
    cookie:
      response.headers
        .getSetCookie()
        .map((one) => one.split(';', 1)[0] ?? '')
        .at(-1) ?? null,
    outcome: said ? JSON.parse(said) : null,
    text,
  }
}

/** The cookie of a new session at the pages. */
export async function signInToPages(url: string, name: string, password: string, before?: string): Promise<string> {
  const action = everyAction().find((one) => one.name === 'app/(welcome)/sign-in/actions.ts signInByPassword')
  if (!action) throw new Error('There is no action to sign in by password')
  const answer = await callAction(url, action, { args: [{ name, password }], cookie: before })
  if (!answer.outcome?.ok || !answer.cookie) throw new Error(`signing in: ${answer.status} ${answer.text}`)
  return answer.cookie
}
