/** The part of electron-updater that is used. */
export type UpdateSource = {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  on(event: 'update-downloaded', listener: (update: { version: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  checkForUpdates(): Promise<unknown>
  quitAndInstall(isSilent?: boolean, isForceRunAfter?: boolean): void
}

export type UpdateState =
  | { kind: 'none' }
  | { kind: 'ready'; version: string }
  | { kind: 'installing'; version: string }
  /** The copy of the database could not be made, so nothing was installed. */
  | { kind: 'refused'; version: string; words: string }

/** The server, as far as an update is concerned. */
export type UpdatedServer = {
  readonly state: { kind: string }
  copyDatabase(): Promise<string>
  stop(): Promise<void>
}

/** Of a build that has no place to look for updates. */
export const noUpdates: Pick<Updates, 'state' | 'watch' | 'install'> = {
  state: { kind: 'none' },
  watch: () => () => {},
  install: async () => {},
}

const between = 6 * 60 * 60 * 1_000

/**
 * New versions are fetched by themselves and installed when a person says so, never in passing: before that the
 * database is copied aside, because a newer version migrates it and the older one cannot read it any more.
 */
export class Updates {
  state: UpdateState = { kind: 'none' }
  readonly #source: UpdateSource
  readonly #server: UpdatedServer
  readonly #changed: () => void

  constructor(source: UpdateSource, server: UpdatedServer, changed: () => void) {
    this.#source = source
    this.#server = server
    this.#changed = changed
    source.autoDownload = true
    source.autoInstallOnAppQuit = false
    source.on('update-downloaded', ({ version }) => this.#enter({ kind: 'ready', version }))
    // Without a network there is no news; the next look may find some.
    source.on('error', () => {})
  }

  /** Look now and every six hours. @returns ends that */
  watch(): () => void {
    const look = () => void this.#source.checkForUpdates().catch(() => {})
    look()
    const timer = setInterval(look, between)
    return () => clearInterval(timer)
  }

  /** Copy the database, stop the server, install, start again. A server that does not run has nobody who writes. */
  async install(): Promise<void> {
    if (this.state.kind !== 'ready' && this.state.kind !== 'refused') return
    const { version } = this.state
    this.#enter({ kind: 'installing', version })
    try {
      if (this.#server.state.kind === 'serving') await this.#server.copyDatabase()
    } catch (error) {
      this.#enter({ kind: 'refused', version, words: (error as Error).message })
      return
    }
    await this.#server.stop()
    this.#source.quitAndInstall(true, true)
  }

  #enter(state: UpdateState): void {
    this.state = state
    this.#changed()
  }
}
