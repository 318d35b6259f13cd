/** Loaded before a server that is asked for no page (`pages` of `startServer`): Next never gets ready, so a start costs half. */
import { registerHooks } from 'node:module'

const neverReady = 'export default () => ({ prepare: () => new Promise(() => {}), getRequestHandler: () => () => {} })'

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'next') return next(specifier, context)
    return { url: `data:text/javascript,${encodeURIComponent(neverReady)}`, shortCircuit: true }
  },
})
