import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Compiled code is kept beside the program, which halves the time to the first answer. Hence the late import.
enableCompileCache(join(import.meta.dirname, 'compile-cache'))

await import('./program.ts')
