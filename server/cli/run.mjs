// `node server/cli/run.mjs <file> …`: run a file on Node 24, whatever Node started this.
import { spawn } from 'node:child_process'
import { findNode, withNode } from './node-24.mjs'

const node = findNode()
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit', env: withNode(node) })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
