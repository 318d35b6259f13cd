import { existsSync } from 'node:fs'
import { join } from 'node:path'

const beside = join(import.meta.dirname, 'migrations')

/** Beside the bundle in `dist`, or in the tree when the sources run unbundled. */
export const migrationsFolder = existsSync(beside) ? beside : join(import.meta.dirname, '..', '..', 'db', 'migrations')
