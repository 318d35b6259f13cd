#!/usr/bin/env node
// `hearthkeep <verb>` from a checkout, on any Node from 20: install, build, then run on Node 24.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findNode, withNode } from './node-24.mjs'
import { build, install, root } from './prepare.mjs'

install()
build()

const node = findNode()
// The channel lets the server notice when this process is killed, so that it does not go on alone.
const child = spawn(node, [join(root, 'dist', 'hearthkeep.mjs'), ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: withNode(node),
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))

// npm dies of a SIGTERM without passing it on; whoever stops `npm start` means the server.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, 300).unref()
}

child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
