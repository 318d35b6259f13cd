import { createServer } from 'node:net'
import { join } from 'node:path'
import { app, type BrowserWindow, dialog, ipcMain, Menu, nativeImage, shell as system, Tray } from 'electron'
import type { Autostart } from './autostart.ts'
import { channels } from './bridge.ts'
import { shellOrigin, whereTo } from './navigation.ts'
import type { Desktop } from './shell.ts'
import { trayMenu } from './tray.ts'
import type { Action, View } from './view.ts'
import { statusWindow } from './window.ts'
import type { Words } from './words/en.ts'

export type DesktopOptions = {
  /** Where the shell's own files are. */
  folder: string
  words: Words
  autostart: Autostart
  act(action: Action): void
}

/** The machine as Electron gives it: a tray that is always there, a window now and then, dialogs. */
export function electronDesktop({ folder, words, autostart, act }: DesktopOptions): Desktop {
  const icons = join(folder, 'icons')
  const tray = new Tray(trayImage(icons))
  let window: BrowserWindow | null = null
  let view: View | null = null

  ipcMain.on(channels.ready, ({ sender, senderFrame }) => {
    if (isOurs(senderFrame)) sender.send(channels.view, view)
  })
  ipcMain.on(channels.act, ({ senderFrame }, action: unknown) => {
    if (isOurs(senderFrame) && typeof action === 'string' && Object.hasOwn(words.actions, action)) act(action as Action)
  })

  function openWindow(): void {
    if (window) {
      window.show()
      window.focus()
      return
    }
    window = statusWindow(join(folder, 'preload.cjs'), join(icons, 'icon.png'))
    window.once('closed', () => {
      window = null
    })
  }

  tray.on('double-click', openWindow)
  return {
    openWindow,
    show(next) {
      view = next
      window?.webContents.send(channels.view, next)
      tray.setToolTip(next.heading)
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(next, words, autostart.isOn, act)))
    },
    openInBrowser(url) {
      if (whereTo(url) === 'browser') void system.openExternal(url)
    },
    openFile: (path) => void system.openPath(path),
    async chooseFolder({ title, button }, from) {
      const { filePaths } = await dialog.showOpenDialog({
        title,
        buttonLabel: button,
        properties: ['openDirectory', 'createDirectory'],
        ...(from === null ? {} : { defaultPath: from }),
      })
      return filePaths[0] ?? null
    },
    async ask({ question, detail, yes, no }) {
      const buttons = [yes, no]
      const { response } = await dialog.showMessageBox({
        message: question,
        detail,
        buttons,
        defaultId: 0,
        cancelId: 1,
      })
      return response === 0
    },
    freePort,
    quit: () => app.quit(),
  }
}

function isOurs(frame: { url: string } | null): boolean {
  return frame?.url.startsWith(`${shellOrigin}/`) === true
}

function trayImage(icons: string): Electron.NativeImage {
  const isMac = process.platform === 'darwin'
  const image = nativeImage.createFromPath(join(icons, isMac ? 'trayTemplate.png' : 'tray.png'))
  image.setTemplateImage(isMac)
  return image
}

/** One that nobody uses now; it is kept in the settings, because apps need the same address tomorrow. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
