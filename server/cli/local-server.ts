import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultDataFolder } from '#server/config/data-folder.ts'

/** How other devices reach the server that runs on this machine's data folder; null when none runs, or only for itself. */
export function localServerForHouse(env: Record<string, string | undefined> = process.env): string | null {
  return fromRunFile(env, 'https')
}

/** Address of the server running on this machine's data folder, as it wrote it into run.json; null when none runs. */
export function localServer(env: Record<string, string | undefined> = process.env): string | null {
  return fromRunFile(env, 'http')
}

function fromRunFile(env: Record<string, string | undefined>, name: 'http' | 'https'): string | null {
  try {
    const run = JSON.parse(readFileSync(join(defaultDataFolder(env), 'run.json'), 'utf8')) as Record<string, unknown>
    const address = run[name]
    return typeof address === 'string' ? address : null
  } catch {
    return null
  }
}
