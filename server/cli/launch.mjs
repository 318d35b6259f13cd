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
  env: { ...withNode(node), HEARTHKEEP_LAUNCHED: '1' },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
