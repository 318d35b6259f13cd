import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Compiled code is kept beside the program, which halves the time to the first answer. Hence the late import.
enableCompileCache(join(import.meta.dirname, 'compile-cache'))

// Before anything uses the pool: disk syncs wait in it, and those that wait together are served by one flush.
process.env.UV_THREADPOOL_SIZE ??= '16'

await import('./program.ts')
