import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this operating system keeps a person’s settings of this program. */
export function configFolder(env: Record<string, string | undefined>): string {
  if (process.platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Hearthkeep')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Hearthkeep')
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'hearthkeep')
}
