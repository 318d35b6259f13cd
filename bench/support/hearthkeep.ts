import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, freePort, startChild } from './child.ts'
import { pause } from './client.ts'
import { removedAfterwards } from './temporary.ts'

const root = join(import.meta.dirname, '..', '..')
const startMilliseconds = 30_000

export type BuiltProgram = Disposable & { path: string; pages: boolean; builtAt: Date }

/**
 * The built server in a folder of its own, so that a build that runs meanwhile does not pull it away. It lies below
 * `node_modules`, where native packages are still found; the pages are linked, they are not measured.
 *
 * `BENCH_DIST` names another build to measure, `BENCH_NODE_FLAGS` options for its Node (`--cpu-prof`).
 *
 * @throws when there is no build
 */
export function copyBuild(): BuiltProgram {
  const built = process.env.BENCH_DIST ?? join(root, 'dist')
  if (!existsSync(join(built, 'migrations')))
    throw new Error('There is no built server in dist/; build it with `npm start` or server/cli/bundle.mjs first.')
  const cache = join(root, 'node_modules', '.cache', 'hearthkeep')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'bench-'))
  cpSync(built, join(folder, 'dist'), { recursive: true })
  const pages = existsSync(join(root, '.next', 'BUILD_ID'))
  for (const name of pages ? ['.next', 'next.config.ts', 'package.json', 'tsconfig.json', 'app'] : [])
    symlinkSync(join(root, name), join(folder, name))
  return {
    path: join(folder, 'dist', 'hearthkeep.mjs'),
    pages,
    builtAt: statSync(join(built, 'hearthkeep.mjs')).mtime,
    ...removedAfterwards(folder),
  }
}

export type Hearthkeep = Child & { url: string; dataFolder: string }

/** Everything as a household would run it, but for the limits that a load test exists to pass (design §7). */
const measured = { HEARTHKEEP_HTTPS_PORT: 'off', HEARTHKEEP_RATE_LIMIT: 'off', HEARTHKEEP_REGISTRATION: 'open' }

type Options = { dataFolder: string; env?: Record<string, string> }

/** Spawn the server without waiting for it. Its log goes to `<data>/bench.log` at the default level. */
export async function spawnHearthkeep(program: BuiltProgram, { dataFolder, env = {} }: Options): Promise<Hearthkeep> {
  const port = await freePort()
  const given = { ...measured, HEARTHKEEP_DATA_DIR: dataFolder, HEARTHKEEP_HTTP_PORT: String(port), ...env }
  mkdirSync(dataFolder, { recursive: true })
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? []
  const child = startChild([...flags, program.path, 'start'], given, logOf(dataFolder))
  return Object.assign(child, { url: `http://127.0.0.1:${port}`, dataFolder })
}

/** Spawn the server and wait until it serves. @throws with its log when it ends first or takes 30 s */
export async function startHearthkeep(program: BuiltProgram, options: Options): Promise<Hearthkeep> {
  const server = await spawnHearthkeep(program, options)
  const runFile = join(options.dataFolder, 'run.json')
  for (let waited = 0; waited < startMilliseconds; waited += 25) {
    if (existsSync(runFile) && readFileSync(runFile, 'utf8').includes(`"pid":${server.pid},`)) return server
    if (server.process.exitCode !== null) break
    await pause(25)
  }
  await server[Symbol.asyncDispose]()
  throw new Error(`The server did not start:\n${readFileSync(logOf(options.dataFolder), 'utf8')}`)
}

function logOf(dataFolder: string): string {
  return join(dataFolder, 'bench.log')
}
