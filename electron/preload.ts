import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, channels } from './bridge.ts'
import type { View } from './view.ts'

const bridge: Bridge = {
  watch(shown) {
    ipcRenderer.on(channels.view, (_event, view: View) => shown(view))
    ipcRenderer.send(channels.ready)
  },
  act: (action) => ipcRenderer.send(channels.act, action),
  copy: (text) => void navigator.clipboard.writeText(text),
}
contextBridge.exposeInMainWorld('hearthkeep', bridge)
