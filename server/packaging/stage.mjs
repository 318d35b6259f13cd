// `npm run package:stage [folder]`: puts together exactly what a package will contain, for this machine's system.
//   <folder>/server  the built server with what it needs, and nothing else; starts by `node dist/hearthkeep.mjs start`
//   <folder>/node    the Node that runs it
//   <folder>/shell   the desktop shell, without Electron
// `--server-only` leaves the last two out, for images that bring a Node of their own.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleShell } from '#electron/bundle.ts'
import { findNode, packagedNode } from '#server/cli/node-24.mjs'
import { root } from '#server/cli/prepare.mjs'
import { traceNext } from './trace-next.mjs'

const { values, positionals } = parseArgs({ options: { 'server-only': { type: 'boolean' } }, allowPositionals: true })
const stage = resolve(positionals[0] ?? join(root, 'dist', 'stage'))
const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

rmSync(stage, { recursive: true, force: true })
const server = join(stage, 'server')
stageServer()
stagePages()
await stageModules()
dropEmptyFolders(server)
if (!values['server-only']) {
  stageNode()
  await stageShell()
}
for (const name of readdirSync(stage)) console.log(`${mebibytes(join(stage, name)).padStart(6)} MiB  ${name}`)

function stageServer() {
  const built = join(root, 'dist')
  for (const name of readdirSync(built)) if (name.endsWith('.mjs')) copy(join('dist', name))
  copy(join('dist', 'migrations'))
  const manifest = { name: 'hearthkeep-server', version, description, private: true, type: 'module' }
  writeFileSync(join(server, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

function stagePages() {
  const onlyForBuilding = new Set(['build', 'cache', 'diagnostics', 'standalone', 'trace', 'trace-build', 'types'])
  for (const name of readdirSync(join(root, '.next'))) if (!onlyForBuilding.has(name)) copy(join('.next', name))
  copy('public')
  // Where it was built is nobody's business; a server that was built looks nowhere outside.
  for (const name of ['required-server-files.json', 'required-server-files.js']) {
    const path = join(server, '.next', name)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(JSON.stringify(root), '"."'))
  }
}

async function stageModules() {
  for (const path of await traceNext(root)) copy(path)
  // By hand: a trace of native modules takes their sources and every system's binary along.
  const require = createRequire(join(root, 'package.json'))
  const sqlite = dirname(dirname(require.resolve('better-sqlite3')))
  for (const name of ['package.json', 'LICENSE', 'lib']) copy(moduleFile(sqlite, name))
  const ours = new RegExp(`^${process.platform}(musl)?-${process.arch}\\.node$`)
  for (const name of readdirSync(join(sqlite, 'prebuilds')))
    if (ours.test(name)) copy(moduleFile(sqlite, join('prebuilds', name)))
  // npm has installed the argon2 of this system alone, next to the package that loads it.
  const scope = join(dirname(require.resolve('@node-rs/argon2/package.json')), '..')
  for (const name of readdirSync(scope)) if (name.startsWith('argon2')) copy(moduleFile(scope, name))
}

function stageNode() {
  // Not the system's own if it can be helped: that one may need libraries of its system.
  const node = packagedNode() ?? findNode()
  const to = join(stage, 'node')
  mkdirSync(to, { recursive: true })
  cpSync(node, join(to, process.platform === 'win32' ? 'node.exe' : 'node'), { dereference: true })
  const licence = [join(dirname(node), '..', 'LICENSE'), join(dirname(node), 'LICENSE')].find((path) =>
    existsSync(path),
  )
  if (licence) cpSync(licence, join(to, 'LICENSE'))
}

async function stageShell() {
  await bundleShell(join(stage, 'shell'))
  const manifest = {
    name: 'hearthkeep',
    productName: 'Hearthkeep',
    version,
    description,
    author: 'Hearthkeep',
    private: true,
    main: 'main.cjs',
  }
  writeFileSync(join(stage, 'shell', 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** From the checkout to the same place in the staged server. */
function copy(path) {
  cpSync(join(root, path), join(server, path), { recursive: true, dereference: true, filter: isShipped })
}

/** Packagers leave them out, and the package would not be what was staged. */
function dropEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) dropEmptyFolders(join(folder, entry.name))
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}

function moduleFile(folder, name) {
  return join('node_modules', folder.split('node_modules').at(-1) ?? '', name)
}

/** Not maps of sources, nor types, nor the lists that were made for this script. */
function isShipped(path) {
  return !/\.(map|d\.[mc]?ts|nft\.json)$/.test(basename(path))
}

function mebibytes(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
  return (bytes / 1024 / 1024).toFixed(1)
}
