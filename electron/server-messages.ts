/** What the server says over its channel (electron/README.md); it is another process, so nothing is taken on trust. */

/** The running server. */
export type House = {
  pid: number
  version: string
  /** On this machine, e.g. `http://127.0.0.1:4180`. */
  http: string
  /** In the house; null before set-up, and while other devices are kept out. */
  https: string | null
  /** Where other devices learn to trust it. */
  connect: string | null
  dataFolder: string
  isSetUp: boolean
}

export const reasons = [
  'port-in-use',
  'folder-in-use',
  'folder-not-writable',
  'disk-full',
  'database-too-new',
  'restore-unfinished',
  'certificate',
  'configuration',
  'unexpected',
] as const

export type Failure = {
  reason: (typeof reasons)[number]
  /** The server's own words, or the last lines that it printed. */
  words: string
  port?: number
}

export type ServerMessage =
  | { type: 'ready'; house: House }
  | { type: 'failed'; failure: Failure }
  | { type: 'database-copied'; id: number; path: string | null; words: string }
  | { type: 'pairing-made'; id: number; pairing: Pairing | null; words: string }

/** A code by which one device comes to trust the server. */
export type Pairing = {
  /** To type. */
  code: string
  /** To scan. */
  link: string
  /** Milliseconds. */
  expiresAt: number
}

/** @returns null for what is none of the known messages, e.g. one of a later version */
export function readMessage(message: unknown): ServerMessage | null {
  if (typeof message !== 'object' || message === null) return null
  const said = message as Record<string, unknown>
  if (said.type === 'ready') return readReady(said)
  if (said.type === 'failed') return readFailed(said)
  if (said.type === 'database-copied' && typeof said.id === 'number')
    return { type: said.type, id: said.id, path: textOrNull(said.path), words: textOrNull(said.words) ?? '' }
  if (said.type === 'pairing-made' && typeof said.id === 'number')
    return { type: said.type, id: said.id, pairing: readPairing(said), words: textOrNull(said.words) ?? '' }
  return null
}

function readPairing({ code, link, expiresAt }: Record<string, unknown>): Pairing | null {
  const [typed, scanned] = [textOrNull(code), webAddress(link)]
  return typed && scanned && typeof expiresAt === 'number' ? { code: typed, link: scanned, expiresAt } : null
}

function readReady(said: Record<string, unknown>): ServerMessage | null {
  const { pid, version, http, https, connect, dataFolder, isSetUp } = said
  if (typeof pid !== 'number' || typeof version !== 'string' || typeof dataFolder !== 'string') return null
  if (typeof http !== 'string' || !/^http:\/\/127\.0\.0\.1:\d+$/.test(http)) return null
  const house = {
    pid,
    version,
    http,
    https: webAddress(https),
    connect: webAddress(connect),
    dataFolder,
    isSetUp: isSetUp === true,
  }
  return { type: 'ready', house }
}

function readFailed(said: Record<string, unknown>): ServerMessage {
  const reason = reasons.find((known) => known === said.reason) ?? 'unexpected'
  const port = typeof said.port === 'number' ? { port: said.port } : {}
  return { type: 'failed', failure: { reason, words: textOrNull(said.words) ?? '', ...port } }
}

function webAddress(value: unknown): string | null {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value) ? value : null
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
