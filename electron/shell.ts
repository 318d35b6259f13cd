import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Autostart } from './autostart.ts'
import type { Failure, Pairing } from './server-messages.ts'
import type { ServerState } from './server-process.ts'
import type { SettingsFile } from './settings.ts'
import type { UpdateState } from './updates.ts'
import { type Action, addressHere, type View, viewOf } from './view.ts'
import type { Words } from './words/en.ts'

/** A question with two answers. */
export type Question = { question: string; detail: string; yes: string; no: string }

/** What the shell needs of the machine; Electron in the product. */
export type Desktop = {
  show(view: View): void
  openWindow(): void
  openInBrowser(url: string): void
  openFile(path: string): void
  chooseFolder(words: Words['chooseFolder'], from: string | null): Promise<string | null>
  ask(question: Question): Promise<boolean>
  freePort(): Promise<number>
  quit(): void
}

export type Parts = {
  desktop: Desktop
  server: {
    readonly state: ServerState
    start(): void
    stop(): Promise<void>
    restart(): Promise<void>
    makePairing(): Promise<Pairing>
  }
  settings: SettingsFile
  updates: { readonly state: UpdateState; install(): Promise<void> }
  autostart: Autostart
  logFile: { path: string }
  words: Words
  language: string
}

/** What the tray and the window do, whoever asks; one thing at a time. */
export class Shell {
  readonly #parts: Parts
  #turn: Promise<unknown> = Promise.resolve()
  #pairing: Pairing | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get view(): View {
    const { server, settings, updates, words, language } = this.#parts
    const pairing = this.#pairing
    return viewOf({ server: server.state, settings: settings.values, update: updates.state, pairing }, words, language)
  }

  /** Something is not as it was. */
  changed(): void {
    this.#parts.desktop.show(this.view)
  }

  /** Resolves when it is done. What went wrong is to be seen in the state of the server. */
  act(action: Action): Promise<void> {
    const turn = this.#turn.then(() => this.#do[action]())
    this.#turn = turn.catch(() => {})
    return turn
  }

  readonly #do: Record<Action, () => Promise<void> | void> = {
    open: () => this.#openServer(),
    'set-up': () => this.#openServer(),
    status: () => this.#parts.desktop.openWindow(),
    pair: () => this.#pair(),
    'try-again': () => this.#parts.server.start(),
    'other-port': async () => this.#restartWith({ httpPort: await this.#parts.desktop.freePort() }),
    'choose-folder': () => this.#chooseFolder(),
    'show-log': () => this.#parts.desktop.openFile(this.#parts.logFile.path),
    'pause-lan': () => this.#restartWith({ isLanPaused: true }),
    'resume-lan': () => this.#restartWith({ isLanPaused: false }),
    'start-at-login': () => {
      const { autostart } = this.#parts
      autostart.set(!autostart.isOn)
      this.changed()
    },
    'install-update': () => this.#parts.updates.install(),
    quit: () => this.#quit(),
  }

  #openServer(): void {
    const { server, desktop } = this.#parts
    if (server.state.kind === 'serving') desktop.openInBrowser(addressHere(server.state.house))
    else desktop.openWindow()
  }

  async #pair(): Promise<void> {
    const { desktop, server } = this.#parts
    const made = await server.makePairing()
    this.#show(made)
    desktop.openWindow()
    setTimeout(() => this.#pairing === made && this.#show(null), made.expiresAt - Date.now()).unref()
  }

  #show(pairing: Pairing | null): void {
    this.#pairing = pairing
    this.changed()
  }

  async #restartWith(some: Parameters<SettingsFile['change']>[0]): Promise<void> {
    this.#parts.settings.change(some)
    await this.#parts.server.restart()
  }

  async #chooseFolder(): Promise<void> {
    const { desktop, server, settings, words } = this.#parts
    const now = server.state.kind === 'serving' ? server.state.house.dataFolder : settings.values.dataFolder
    const chosen = await desktop.chooseFolder(words.chooseFolder, now)
    if (chosen === null) return
    const folder = dataFolderIn(chosen)
    if (folder === now) return
    const { question, detail, yes, no } = words.chooseFolder
    if (!(await desktop.ask({ question, detail: detail(folder, now ?? '–'), yes, no }))) return
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await this.#restartWith({ dataFolder: folder })
  }

  async #quit(): Promise<void> {
    const { desktop, server, words } = this.#parts
    const { question, detail, yes, no } = words.quitting
    if (server.state.kind === 'serving' && !(await desktop.ask({ question, detail, yes, no }))) return
    desktop.quit()
  }
}

/** A chosen folder that is not there is on a drive that is not: nothing is begun anew in its place. */
export function missingFolder(folder: string | null): Failure | null {
  if (folder === null || existsSync(folder)) return null
  return { reason: 'folder-not-writable', words: `The data folder is not there: ${folder}` }
}

/** Never among other files: a folder of its own, unless the chosen one is empty or holds a server's data already. */
export function dataFolderIn(chosen: string): string {
  const names = readdirSync(chosen)
  return names.length === 0 || names.includes('hearthkeep.sqlite') ? chosen : join(chosen, 'Hearthkeep')
}
