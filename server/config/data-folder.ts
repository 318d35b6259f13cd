import { homedir } from 'node:os'
import { join } from 'node:path'

/** The OS's application-data folder for Hearthkeep (design §7). */
export function defaultDataFolder(env: Record<string, string | undefined>): string {
  if (env.HEARTHKEEP_DATA_DIR) return env.HEARTHKEEP_DATA_DIR
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Hearthkeep')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Hearthkeep')
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'hearthkeep')
}

/** Room in the data folder that is held back for the database (`keeping/reserve.ts`). */
export const reserveFile = 'reserve'
