// Which files of node_modules the pages need at run time. Next's build has traced its request handler and each page;
// what is missing is the way there for a server of one's own (`next()` → router), which is traced here.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'

/** Never used by a built server with unoptimised images. */
const unused = [
  /\/sharp\//,
  /\/@img\//,
  /\.(map|d\.ts)$/,
  /\/react(-dom|-dom-server-turbopack)?\/.*\.development\.js$/,
  /\/next\/dist\/compiled\/(webpack|babel|next-devtools)\//,
  /\/next\/dist\/compiled\/next-server\/.*\.dev\.js$/,
  /\/next\/dist\/build\/swc\//,
  /\/next\/dist\/server\/lib\/router-utils\/setup-dev-bundler/,
]

/** @returns {Promise<string[]>} paths relative to `root` */
export async function traceNext(root) {
  const traced = new Set()
  for (const list of traceLists(join(root, '.next')))
    for (const file of JSON.parse(readFileSync(list, 'utf8')).files) {
      const path = relative(root, resolve(list, '..', file))
      if (path.startsWith('node_modules') && !isUnused(path)) traced.add(path)
    }
  const require = createRequire(join(root, 'package.json'))
  const { nodeFileTrace } = require('next/dist/compiled/@vercel/nft')
  const { fileList } = await nodeFileTrace([require.resolve('next')], {
    base: root,
    processCwd: root,
    // Large bundles whose needs are in the list already.
    ignore: (path) => (traced.has(path) && path.includes('compiled')) || isUnused(path),
    analysis: { emitGlobs: false, computeFileReferences: false, evaluatePureExpressions: false },
  })
  return [...traced, ...fileList].filter((path) => path.startsWith('node_modules') && existsSync(join(root, path)))
}

function isUnused(path) {
  const normal = `/${path.replaceAll('\\', '/')}`
  return unused.some((pattern) => pattern.test(normal))
}

function traceLists(folder) {
  const ofPages = readdirSync(join(folder, 'server'), { recursive: true }).filter((name) => name.endsWith('.nft.json'))
  return [join(folder, 'next-server.js.nft.json'), ...ofPages.map((name) => join(folder, 'server', name))]
}
