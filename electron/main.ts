import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, powerMonitor, protocol, session } from 'electron'
import { autoUpdater } from 'electron-updater'
import { autostartOf, hidden } from './autostart.ts'
import { electronDesktop } from './desktop.ts'
import { LogFile } from './log-file.ts'
import { serverEnvironment } from './server-environment.ts'
import { ServerProcess } from './server-process.ts'
import { openSettings } from './settings.ts'
import { missingFolder, Shell } from './shell.ts'
import { noUpdates, Updates } from './updates.ts'
import type { Action } from './view.ts'
import { guardSession, servePage } from './window.ts'
import { wordsFor } from './words/words.ts'

/** Beside the shell lie the server and its Node, in the package as in the stage (`server/packaging/stage.mjs`). */
const folder = app.getAppPath()
const resources = join(folder, '..')

protocol.registerSchemesAsPrivileged([{ scheme: 'hearthkeep', privileges: { standard: true, secure: true } }])
// On macOS the server keeps its data in the folder that Electron would take for itself.
app.setPath('userData', process.env.HEARTHKEEP_SHELL_DIR ?? join(app.getPath('appData'), 'Hearthkeep Desktop'))
app.enableSandbox()
if (app.requestSingleInstanceLock()) void app.whenReady().then(run)
else app.quit()

function run(): void {
  const userData = app.getPath('userData')
  const { language, words } = wordsFor(app.getLocale())
  const settings = openSettings(join(userData, 'settings.json'))
  const logFile = new LogFile(join(userData, 'logs', 'server.log'))
  const autostart = autostartOf(app, process.env)

  servePage(protocol, join(folder, 'page'))
  guardSession(session.defaultSession)
  const act = (action: Action) => void shell.act(action).catch((error) => logFile.write(`${error.stack}\n`))
  const desktop = electronDesktop({ folder, words, autostart, act })
  const server = new ServerProcess({
    node: join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node'),
    program: join(resources, 'server', 'dist', 'hearthkeep.mjs'),
    environment: () => serverEnvironment(process.env, settings.values, join(userData, 'compile-cache')),
    obstacle: () => missingFolder(settings.values.dataFolder),
    onOutput: (text) => logFile.write(text),
    onState: () => shell.changed(),
  })
  // A build without a place for updates has no such file (electron-builder.yml).
  const isUpdated = app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'))
  const updates = isUpdated ? new Updates(autoUpdater, server, () => shell.changed()) : noUpdates
  const shell = new Shell({ desktop, server, settings, updates, autostart, logFile, words, language })

  app.on('second-instance', () => desktop.openWindow())
  app.on('activate', () => desktop.openWindow())
  // The tray stays.
  app.on('window-all-closed', () => {})
  stopBeforeQuitting(server)

  shell.changed()
  server.start()
  updates.watch()
  const isAtLogin = process.argv.includes(hidden) || app.getLoginItemSettings().wasOpenedAtLogin === true
  if (!isAtLogin) desktop.openWindow()
}

/** Whoever quits, a person, an update or the system that shuts down, waits for the server's orderly end. */
function stopBeforeQuitting(server: ServerProcess): void {
  app.on('before-quit', (event) => {
    if (server.state.kind === 'stopped') return
    event.preventDefault()
    void server.stop().then(() => app.quit())
  })
  powerMonitor.on('shutdown', () => app.quit())
}
