/** Loaded before a server that is asked for no page (`pages` of `startServer`): Next is left out, so a start costs half. */
import { registerHooks } from 'node:module'

const nothing = `
const answer = (_, response) => response.writeHead(501).end('This server was started without pages')
export default () => ({ prepare: async () => {}, getRequestHandler: () => answer })
`

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'next') return next(specifier, context)
    return { url: `data:text/javascript,${encodeURIComponent(nothing)}`, shortCircuit: true }
  },
})
