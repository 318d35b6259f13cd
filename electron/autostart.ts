import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Autostart = { readonly isOn: boolean; set(on: boolean): void }

/** The part of Electron's `app` that macOS and Windows need. */
export type LoginItems = {
  getLoginItemSettings(options?: { args?: string[] }): { openAtLogin: boolean }
  setLoginItemSettings(settings: { openAtLogin: boolean; args?: string[] }): void
}

/** Given at login: no window, only the tray. */
export const hidden = '--hidden'

/** Start the shell when its person signs in to the machine. */
export function autostartOf(app: LoginItems, env: NodeJS.ProcessEnv, platform = process.platform): Autostart {
  if (platform === 'linux') return desktopEntry(env)
  return {
    get isOn() {
      return app.getLoginItemSettings({ args: [hidden] }).openAtLogin
    },
    set: (on) => app.setLoginItemSettings({ openAtLogin: on, args: [hidden] }),
  }
}

/** Electron has nothing for Linux: an entry as freedesktop.org's autostart specification says. */
function desktopEntry(env: NodeJS.ProcessEnv): Autostart {
  const folder = join(env.XDG_CONFIG_HOME || join(env.HOME ?? '', '.config'), 'autostart')
  const path = join(folder, 'hearthkeep.desktop')
  // An AppImage is mounted somewhere else each time; its own path is in the environment.
  const program = env.APPIMAGE ?? process.execPath
  return {
    get isOn() {
      return existsSync(path)
    },
    set(on) {
      if (!on) return rmSync(path, { force: true })
      mkdirSync(folder, { recursive: true })
      const lines = ['[Desktop Entry]', 'Type=Application', 'Name=Hearthkeep', `Exec=${quoted(program)} ${hidden}`]
      writeFileSync(path, `${[...lines, 'X-GNOME-Autostart-enabled=true'].join('\n')}\n`)
    },
  }
}

/** As the desktop entry specification quotes arguments, within a string value of the file. */
function quoted(argument: string): string {
  const inQuotes = argument.replace(/(["`$\\])/g, '\\$1').replaceAll('%', '%%')
  return `"${inQuotes.replaceAll('\\', '\\\\')}"`
}
