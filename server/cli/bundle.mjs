// Bundles the server and the command line into dist/, leaving out only Next and what holds native code.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './prepare.mjs'

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
rmSync(join(root, 'dist'), { recursive: true, force: true })

await build({
  absWorkingDir: root,
  entryPoints: { hearthkeep: 'server/cli/hearthkeep.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: 'linked',
  external: ['next', 'better-sqlite3', '@node-rs/argon2'],
  define: { __VERSION__: JSON.stringify(version) },
  // Bundled CommonJS packages ask for `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
