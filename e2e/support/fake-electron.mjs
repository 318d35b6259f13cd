// The part of Electron's API that the shell uses, without a screen. What the shell does is told to the test over this
// process's channel; the test clicks, navigates and quits over it.
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'

const tell = (said) => process.send?.(said)
const paths = new Map([['appData', process.env.FAKE_APP_DATA]])
let menu = []
let schemes = []
let handler = null
let permissions = null

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  whenReady: async () => {},
  getAppPath: () => process.env.FAKE_APP_PATH,
  getPath: (name) => paths.get(name),
  setPath: (name, path) => paths.set(name, path),
  getLocale: () => process.env.FAKE_LOCALE ?? 'en-GB',
  getVersion: () => '1.0.0',
  enableSandbox: () => tell({ sandboxed: true }),
  requestSingleInstanceLock: () => true,
  getLoginItemSettings: () => ({ openAtLogin: false }),
  setLoginItemSettings: () => {},
  quit() {
    let isPrevented = false
    app.emit('before-quit', {
      preventDefault() {
        isPrevented = true
      },
    })
    if (!isPrevented) process.exit(0)
  },
})
export const ipcMain = new EventEmitter()
export const powerMonitor = new EventEmitter()
export const protocol = {
  registerSchemesAsPrivileged(registered) {
    schemes = registered
  },
  handle(_scheme, handle) {
    handler = handle
  },
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler(handle) {
      permissions = handle
    },
    setPermissionCheckHandler() {},
    setDevicePermissionHandler() {},
  },
}
export const nativeImage = {
  createFromPath(path) {
    if (!existsSync(path)) throw new Error(`There is no image ${path}`)
    return { setTemplateImage() {} }
  },
}
export const Menu = { buildFromTemplate: (template) => template }
export const dialog = {
  showMessageBox: async () => ({ response: 0 }),
  showOpenDialog: async () => ({ filePaths: [] }),
}
export const shell = {
  openExternal: async (url) => tell({ opened: url }),
  openPath: async (path) => tell({ openedFile: path }),
}

export class Tray extends EventEmitter {
  setToolTip() {}

  setContextMenu(items) {
    menu = items
    tell({ menu: items.flatMap(({ label }) => label ?? []) })
  }
}

let contents = null

export class BrowserWindow extends EventEmitter {
  webContents = Object.assign(new EventEmitter(), {
    send: (channel, ...args) => tell({ channel, view: args[0] }),
    setWindowOpenHandler(handle) {
      this.open = handle
    },
  })

  constructor({ webPreferences }) {
    super()
    contents = this.webContents
    tell({ webPreferences, hasPreload: existsSync(webPreferences.preload) })
  }

  async loadURL(url) {
    tell({ loaded: url, status: (await handler({ url })).status })
    ipcMain.emit('ready', { sender: this.webContents, senderFrame: { url } })
  }

  show() {}

  focus() {}
}

const commands = {
  click: (label) => menu.find((item) => item.label === label).click(),
  ask: ({ url, action }) => ipcMain.emit('act', { senderFrame: { url } }, action),
  navigate(url) {
    let stays = true
    contents.emit('will-navigate', {
      url,
      preventDefault() {
        stays = false
      },
    })
    tell({ navigated: url, stays })
  },
  open: (url) => tell({ wanted: url, ...contents.open({ url }) }),
  async fetch(url) {
    const answer = await handler({ url })
    tell({ fetched: url, status: answer.status, policy: answer.headers.get('content-security-policy') })
  },
  permit: ({ permission, url }) =>
    permissions(null, permission, (may) => tell({ permission, url, may }), { requestingUrl: url }),
  quit: () => app.quit(),
  schemes: () => tell({ schemes }),
}
process.on('message', ([command, value]) => commands[command](value))
