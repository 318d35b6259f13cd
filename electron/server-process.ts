import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { spawn } from 'node:child_process'
import { type Failure, type House, type Pairing, readMessage, type ServerMessage } from './server-messages.ts'

export type ServerState =
  | { kind: 'stopped' }
  | { kind: 'starting' }
  | { kind: 'serving'; house: House }
  /** It ended by itself; another try follows in so many milliseconds. */
  | { kind: 'waiting'; failure: Failure; milliseconds: number }
  /** Trying again is of no use before a person did something. */
  | { kind: 'failed'; failure: Failure }
  | { kind: 'stopping' }

export type ServerProcessOptions = {
  /** The Node that runs it. */
  node: string
  /** The built program, `dist/hearthkeep.mjs`. */
  program: string
  /** Asked anew at every start, so that changed settings count. */
  environment(): NodeJS.ProcessEnv
  /** What keeps it from being started at all. */
  obstacle?(): Failure | null
  onState?(state: ServerState): void
  /** What it prints. */
  onOutput?(text: string): void
  /** Tests shorten these; milliseconds unless said. */
  limits?: Partial<typeof usualLimits>
  /** Tests start something else. */
  start?(node: string, args: string[], options: SpawnOptions): ChildProcess
}

const usualLimits = {
  /** Opening and migrating a large database takes its time; beyond this it hangs. */
  ready: 120_000,
  /** After SIGTERM. The server itself drains for 8 s (design §7). */
  stop: 10_000,
  /** Until the first new try; doubles with each. */
  firstPause: 1_000,
  longestPause: 60_000,
  /** Having served so long, the next end counts as a first one. */
  well: 60_000,
  answer: 600_000,
  /** New tries where another server may just be on its way out; a number. */
  passingTries: 5,
}

/** Another server may just be on its way out: these pass by themselves, or they do not within some tries. */
const passing = new Set<Failure['reason']>(['folder-in-use', 'port-in-use'])

/** What the server says to a question of the shell's. */
type Answer = Extract<ServerMessage, { id: number }>

/**
 * The server as a child process: started until it says that it serves, restarted with growing pauses when it ends
 * unasked, stopped cleanly. It ends by itself when this process dies, because its channel closes.
 */
export class ServerProcess {
  readonly #options: ServerProcessOptions
  readonly #limits: typeof usualLimits
  #state: ServerState = { kind: 'stopped' }
  #child: ChildProcess | null = null
  #isWanted = false
  #tries = 0
  #pause: NodeJS.Timeout | undefined
  #questions = new Map<number, (answer: Answer | Error) => void>()
  #lastQuestion = 0

  constructor(options: ServerProcessOptions) {
    this.#options = options
    this.#limits = { ...usualLimits, ...options.limits }
  }

  get state(): ServerState {
    return this.#state
  }

  /** Begin, or try again at once. */
  start(): void {
    this.#isWanted = true
    this.#tries = 0
    clearTimeout(this.#pause)
    if (!this.#child) this.#launch()
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#isWanted = false
    clearTimeout(this.#pause)
    const child = this.#child
    if (!child) {
      this.#enter({ kind: 'stopped' })
      return
    }
    this.#enter({ kind: 'stopping' })
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
    askToEnd(child)
    const hurry = setTimeout(() => child.kill('SIGKILL'), this.#limits.stop)
    await gone
    clearTimeout(hurry)
  }

  /** With the settings of now. */
  async restart(): Promise<void> {
    await this.stop()
    this.start()
  }

  /**
   * Have the running server copy its database aside.
   *
   * @returns path of the copy, which is on disk and checked
   * @throws Error with the server's words
   */
  async copyDatabase(): Promise<string> {
    const answer = await this.#ask('copy-database')
    if (answer.type !== 'database-copied' || answer.path === null) throw new Error(answer.words)
    return answer.path
  }

  /** A code by which one device comes to trust the server. @throws Error with the server's words */
  async makePairing(): Promise<Pairing> {
    const answer = await this.#ask('make-pairing')
    if (answer.type !== 'pairing-made' || answer.pairing === null) throw new Error(answer.words)
    return answer.pairing
  }

  #ask(type: string): Promise<Answer> {
    const child = this.#child
    if (!child || this.#state.kind !== 'serving') return Promise.reject(new Error('The server is not running.'))
    const id = ++this.#lastQuestion
    return new Promise((resolve, reject) => {
      const finish = (answer: Answer | Error) => {
        clearTimeout(limit)
        this.#questions.delete(id)
        if (answer instanceof Error) reject(answer)
        else resolve(answer)
      }
      const limit = setTimeout(() => finish(new Error('The server did not answer in time.')), this.#limits.answer)
      this.#questions.set(id, finish)
      child.send({ type, id }, (error) => error && finish(error))
    })
  }

  #launch(): void {
    const { node, program, environment, obstacle, start = spawn } = this.#options
    this.#enter({ kind: 'starting' })
    const failure = obstacle?.() ?? null
    if (failure) this.#enter({ kind: 'failed', failure })
    else
      this.#run(
        start(node, [program, 'start'], {
          env: environment(),
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          windowsHide: true,
        }),
      )
  }

  #run(child: ChildProcess): void {
    this.#child = child
    let failure: Failure | null = null
    let servingSince: number | null = null
    const lastLines = new LastLines()
    const limit = setTimeout(() => {
      failure = { reason: 'unexpected', words: 'The server did not get ready in time.' }
      child.kill('SIGKILL')
    }, this.#limits.ready)

    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#options.onOutput?.(text))
    child.stderr?.on('data', (text: string) => lastLines.add(text))
    child.on('message', (sent) => {
      const message = readMessage(sent)
      if (message?.type === 'failed') failure = message.failure
      if (message && 'id' in message) this.#questions.get(message.id)?.(message)
      if (message?.type === 'ready' && this.#state.kind !== 'stopping') {
        clearTimeout(limit)
        servingSince ??= performance.now()
        this.#enter({ kind: 'serving', house: message.house })
      }
    })
    // No process at all, e.g. the file is missing; a `close` may follow or not.
    child.once('error', (error) => {
      if (child.pid === undefined) ended(error.message)
    })
    child.once('close', (code, signal) => ended(lastLines.text || `It ended with ${signal ?? code}.`))

    const ended = (words: string) => {
      if (this.#child !== child) return
      clearTimeout(limit)
      this.#child = null
      for (const finish of [...this.#questions.values()]) finish(new Error('The server ended meanwhile.'))
      if (servingSince !== null && performance.now() - servingSince >= this.#limits.well) this.#tries = 0
      if (this.#isWanted) this.#tryAgain(failure ?? { reason: 'unexpected', words })
      else this.#enter({ kind: 'stopped' })
    }
  }

  #tryAgain(failure: Failure): void {
    const isHopeless = passing.has(failure.reason)
      ? this.#tries >= this.#limits.passingTries
      : failure.reason !== 'unexpected'
    if (isHopeless) {
      this.#enter({ kind: 'failed', failure })
      return
    }
    const milliseconds = Math.min(this.#limits.firstPause * 2 ** this.#tries, this.#limits.longestPause)
    this.#tries += 1
    this.#enter({ kind: 'waiting', failure, milliseconds })
    this.#pause = setTimeout(() => this.#launch(), milliseconds)
  }

  #enter(state: ServerState): void {
    this.#state = state
    this.#options.onState?.(state)
  }
}

/** Windows has no SIGTERM: it would end the process at once. There the closed channel says it. */
function askToEnd(child: ChildProcess): void {
  if (process.platform === 'win32' && child.connected) child.disconnect()
  else child.kill('SIGTERM')
}

/** The end of what was printed, for a report. */
class LastLines {
  text = ''

  add(more: string): void {
    this.text = (this.text + more).split('\n').slice(-20).join('\n').slice(-4_000)
  }
}
