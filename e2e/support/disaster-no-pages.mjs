/**
 * Loaded before the server (`preload` of `startServer`): Next never gets ready, so a start costs half. For tests that
 * start a server a hundred times and ask it for no page.
 */
import { registerHooks } from 'node:module'

const neverReady = 'export default () => ({ prepare: () => new Promise(() => {}), getRequestHandler: () => () => {} })'

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'next') return next(specifier, context)
    return { url: `data:text/javascript,${encodeURIComponent(neverReady)}`, shortCircuit: true }
  },
})
