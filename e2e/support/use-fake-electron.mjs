// `node --import …/use-fake-electron.mjs main.cjs`: the bundled shell with a stand-in for Electron.
import { registerHooks } from 'node:module'

const url = new URL('./fake-electron.mjs', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
})
