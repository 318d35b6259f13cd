import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** What the shell itself remembers; everything else is the server's. Whether it starts at login the system knows. */
export type Settings = {
  /** Null = where the server keeps things by itself. */
  dataFolder: string | null
  /** Null = the server's usual one. */
  httpPort: number | null
  /** Nobody but this machine is let in. */
  isLanPaused: boolean
}

const defaults: Settings = { dataFolder: null, httpPort: null, isLanPaused: false }

export type SettingsFile = { readonly values: Settings; change(some: Partial<Settings>): void }

/** One JSON file. One that cannot be read is put aside and does not keep the server from starting. */
export function openSettings(path: string): SettingsFile {
  let values = read(path)
  return {
    get values() {
      return values
    },
    change(some) {
      values = { ...values, ...some }
      replaceFile(path, `${JSON.stringify(values, null, 2)}\n`)
    },
  }
}

function read(path: string): Settings {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return defaults
  }
  try {
    return settingsOf(JSON.parse(text))
  } catch {
    renameSync(path, `${path}.broken`)
    return defaults
  }
}

function settingsOf(kept: unknown): Settings {
  const { dataFolder, httpPort, isLanPaused } = kept as Record<string, unknown>
  return {
    dataFolder: typeof dataFolder === 'string' && dataFolder !== '' ? dataFolder : null,
    httpPort: Number.isInteger(httpPort) && Number(httpPort) > 0 && Number(httpPort) < 65_536 ? Number(httpPort) : null,
    isLanPaused: isLanPaused === true,
  }
}

/** Whole or not at all: after a power cut there is the old file or the new one. */
function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const fresh = `${path}.new`
  try {
    const file = openSync(fresh, 'w', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}
