import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BrowserWindow, type Protocol, type Session, shell as system } from 'electron'
import { isPermitted, pageFile, pagePolicy, shellOrigin, whereTo } from './navigation.ts'

/** The shell's page comes from its own scheme: no file: URLs, and a policy of its own. */
export function servePage(protocol: Protocol, folder: string): void {
  protocol.handle('hearthkeep', async ({ url }) => {
    const file = pageFile(url)
    if (!file) return new Response(null, { status: 404 })
    const headers = {
      'Content-Type': file.type,
      'Content-Security-Policy': pagePolicy,
      'X-Content-Type-Options': 'nosniff',
    }
    return new Response(await readFile(join(folder, file.name)), { headers })
  })
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(isPermitted(permission, requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin))
  session.setDevicePermissionHandler(() => false)
}

/** The one window: status, and what can be done about it. */
export function statusWindow(preload: string, icon: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 560,
    height: 720,
    minWidth: 360,
    minHeight: 480,
    show: false,
    title: 'Hearthkeep',
    icon,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  const { webContents } = window
  webContents.on('will-navigate', (event) => leadElsewhere(event, event.url))
  webContents.on('will-redirect', (event) => leadElsewhere(event, event.url))
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => {
    if (whereTo(url) === 'browser') void system.openExternal(url)
    return { action: 'deny' }
  })
  void window.loadURL(`${shellOrigin}/`)
  return window
}

function leadElsewhere(event: { preventDefault(): void }, url: string): void {
  const place = whereTo(url)
  if (place === 'window') return
  event.preventDefault()
  if (place === 'browser') void system.openExternal(url)
}
