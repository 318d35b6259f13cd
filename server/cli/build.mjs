// `npm run build`: what `npm start` and `npm test` do before they run.
import { build, install } from './prepare.mjs'

install()
build()
