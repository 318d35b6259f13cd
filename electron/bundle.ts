// Bundles the desktop shell into a folder: the main process, the preload, the page and the icons.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

const here = import.meta.dirname

/** @param to  becomes what is packed as the app, but for its package.json */
export async function bundleShell(to: string): Promise<void> {
  const common: BuildOptions = { bundle: true, target: 'node24', logLevel: 'warning', minify: true }
  const inElectron: BuildOptions = { ...common, platform: 'node', format: 'cjs', external: ['electron'] }
  await Promise.all([
    build({ ...inElectron, entryPoints: [join(here, 'main.ts')], outfile: join(to, 'main.cjs') }),
    build({ ...inElectron, entryPoints: [join(here, 'preload.ts')], outfile: join(to, 'preload.cjs') }),
    build({
      ...common,
      ...{ platform: 'browser', format: 'esm', target: 'chrome140' },
      entryPoints: [join(here, 'page', 'status.ts')],
      outfile: join(to, 'page', 'status.js'),
    }),
  ])
  for (const path of ['page/status.html', 'page/status.css', 'icons'])
    cpSync(join(here, path), join(to, path), { recursive: true })
}
