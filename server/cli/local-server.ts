import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultDataFolder } from '#server/config/data-folder.ts'

/** Address of the server running on this machine's data folder, as it wrote it into run.json; null when none runs. */
export function localServer(env: Record<string, string | undefined> = process.env): string | null {
  try {
    const run = JSON.parse(readFileSync(join(defaultDataFolder(env), 'run.json'), 'utf8')) as { http?: unknown }
    return typeof run.http === 'string' ? run.http : null
  } catch {
    return null
  }
}
