// Plain JavaScript for the system's Node 20: installs what is missing and builds what is stale.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode, withNode } from './node-24.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const stampFile = join(root, 'dist', 'built-from')

/** `npm ci` when node_modules is missing or older than the lock. */
export function install() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  const lock = join(root, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  say('Installing packages (once; about a minute) …')
  const npm = process.env.npm_execpath
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']]
  run(command, args, { shell: process.platform === 'win32' && !npm })
}

/** Build pages and server when a source file is not the one the last build saw. */
export function build() {
  const stamp = stampOfSources()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  say('Building (about a minute) …')
  const node = findNode()
  rmSync(stampFile, { force: true })
  run(node, [join('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], { env: withNode(node), quiet: true })
  run(node, [join('server', 'cli', 'bundle.mjs')], { env: withNode(node) })
  cpSync(join(root, 'db', 'migrations'), join(root, 'dist', 'migrations'), { recursive: true })
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

const sources = [
  'app',
  'client',
  'db',
  'server',
  'package-lock.json',
  'next.config.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
]

function stampOfSources() {
  const hash = createHash('sha256')
  const add = (path) => {
    const stat = statSync(join(root, path))
    if (!stat.isDirectory()) return hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
    for (const name of readdirSync(join(root, path)).sort()) if (!/\.test\.tsx?$/.test(name)) add(join(path, name))
  }
  for (const path of sources) add(path)
  return hash.digest('hex')
}

/** Run to the end, showing the output only when it fails if `quiet`. */
function run(command, args, { env = process.env, shell = false, quiet = false } = {}) {
  // Standard output stays free for what the user asked for, e.g. `cloud get --out -`.
  const done = spawnSync(command, args, {
    cwd: root,
    env,
    shell,
    stdio: ['ignore', quiet ? 'pipe' : 2, quiet ? 'pipe' : 2],
  })
  if (done.status === 0) return
  if (quiet) process.stderr.write(`${done.stdout}${done.stderr}`)
  say(`This did not work: ${command} ${args.join(' ')}`)
  process.exit(1)
}

function say(words) {
  process.stderr.write(`${words}\n`)
}
