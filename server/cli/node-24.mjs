// Plain JavaScript for the system's Node 20: runs before anything is installed or built.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

const oldest = 24

/**
 * Path of a Node that is new enough: this one if it is, else the one from the platform package in node_modules.
 * `node_modules/.bin/node` is not relied on: npm 10 removes it when several platform packages are in the lock.
 */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldest) return process.execPath
  const path = packagedNode()
  if (path) return path
  console.error(`Hearthkeep needs Node ${oldest} or newer; this is ${process.version} and none came with the packages.`)
  process.exit(1)
}

/** Path of the Node from the platform package, which needs nothing of the system; null where there is none. */
export function packagedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const prefix = system === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  try {
    const manifest = createRequire(import.meta.url).resolve(`${prefix}-${system}-${process.arch}/package.json`)
    const path = join(dirname(manifest), 'bin', system === 'win' ? 'node.exe' : 'node')
    return existsSync(path) ? path : null
  } catch {
    // Not a platform we bring a Node for.
    return null
  }
}

/** The environment in which `node` means that Node. */
export function withNode(node, env = process.env) {
  return { ...env, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ''}`, NEXT_TELEMETRY_DISABLED: '1' }
}
