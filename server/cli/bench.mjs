// `npm run bench`: measure the built server against bare baselines in the same run.
import { spawnSync } from 'node:child_process'
import { findNode, withNode } from './node-24.mjs'
import { build, install, root } from './prepare.mjs'

install()
build()
const node = findNode()
const args = ['bench/main.ts', ...process.argv.slice(2)]
process.exit(spawnSync(node, args, { cwd: root, env: withNode(node), stdio: 'inherit' }).status ?? 1)
