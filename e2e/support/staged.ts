import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'

export const checkout = join(import.meta.dirname, '..', '..')

/** What `npm run package:stage` puts together, in a folder with no checkout around it. */
export type Stage = Disposable & {
  path: string
  node: string
  program: string
  /** A path for something that a test makes beside it. */
  beside(name: string): string
}

export function makeStage(): Stage {
  const place = mkdtempSync(join(tmpdir(), 'hearthkeep-stage-'))
  const path = join(place, 'stage')
  execFileSync(process.execPath, [join(checkout, 'server', 'packaging', 'stage.mjs'), path], { stdio: 'ignore' })
  return {
    path,
    node: join(path, 'node', process.platform === 'win32' ? 'node.exe' : 'node'),
    program: join(path, 'server', 'dist', 'hearthkeep.mjs'),
    beside: (name) => join(place, `${name}-${randomBytes(4).toString('hex')}`),
    [Symbol.dispose]: () => rmSync(place, { recursive: true, force: true }),
  }
}

/** What a desktop gives every program, and nothing of the test's. */
export const bareEnvironment: NodeJS.ProcessEnv =
  process.platform === 'win32' ? process.env : { NODE_ENV: 'test', PATH: '/usr/bin:/bin' }

/** Paths, with slashes, of the files in a folder and its folders, sorted. */
export function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/')).sort()
}

export function megabytes(folder: string): number {
  return filesIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e6
}
