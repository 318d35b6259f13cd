import { renderSVG } from 'uqr'
import type { House, Pairing } from './server-messages.ts'
import type { ServerState } from './server-process.ts'
import type { Settings } from './settings.ts'
import type { UpdateState } from './updates.ts'
import type { Words } from './words/en.ts'

/** What a person can ask of the shell, in the tray and on its page. */
export type Action = keyof Words['actions']

/** What is to be seen; the page and the tray only lay it out. */
export type View = {
  language: string
  tone: 'good' | 'busy' | 'bad'
  heading: string
  lead: string
  /** For those who help: the server's own words. */
  details: { label: string; text: string } | null
  facts: Array<{ label: string; value: string; canCopy: boolean }>
  /** An image as a data: URL. */
  qr: { image: string; label: string } | null
  update: string | null
  buttons: Array<{ action: Action; label: string }>
  copy: { label: string; done: string }
}

export type Situation = {
  server: ServerState
  settings: Settings
  update: UpdateState
  /** The code that is good just now. */
  pairing: Pairing | null
}

export function viewOf({ server, settings, update, ...given }: Situation, words: Words, language: string): View {
  const house = server.kind === 'serving' ? server.house : null
  const failure = server.kind === 'failed' || server.kind === 'waiting' ? server.failure : null
  // While other devices are kept out there is nothing to trust.
  const pairing = house?.https ? given.pairing : null
  const toScan = house ? (pairing?.link ?? house.connect) : null
  return {
    language,
    tone: house ? 'good' : failure ? 'bad' : 'busy',
    ...(pairing ? words.pairing : headline(server, settings, words)),
    details: failure ? { label: words.details, text: failure.words } : null,
    facts: house ? factsOf(house, pairing, words) : [],
    qr: toScan ? { image: qrOf(toScan), label: words.qr } : null,
    update: updateInWords(update, words),
    buttons: buttonsFor(server, settings, update).map((action) => ({ action, label: words.actions[action] })),
    copy: { label: words.copy, done: words.copied },
  }
}

/** The way in for people at this machine: passkeys need a name, which an IP address is not. */
export function addressHere({ http }: House): string {
  return http.replace('127.0.0.1', 'localhost')
}

function headline(server: ServerState, settings: Settings, words: Words): { heading: string; lead: string } {
  if (server.kind === 'serving') {
    if (!server.house.isSetUp) return words.notSetUp
    if (settings.isLanPaused) return words.paused
    return server.house.https ? words.serving : words.alone
  }
  if (server.kind === 'waiting') return words.waiting(Math.ceil(server.milliseconds / 1_000))
  if (server.kind !== 'failed') return words[server.kind]
  const { reason, port } = server.failure
  return reason === 'port-in-use' ? words.failed[reason](port) : words.failed[reason]
}

function factsOf(house: House, pairing: Pairing | null, words: Words): View['facts'] {
  const facts = [
    { label: words.pairingCode, value: pairing?.code ?? null, canCopy: true },
    { label: words.onThisComputer, value: addressHere(house), canCopy: true },
    { label: words.inTheHouse, value: house.https, canCopy: true },
    { label: words.toConnect, value: house.connect, canCopy: true },
    { label: words.keptIn, value: house.dataFolder, canCopy: false },
  ]
  return facts.filter((fact): fact is View['facts'][number] => fact.value !== null)
}

function buttonsFor(server: ServerState, settings: Settings, update: UpdateState): Action[] {
  const updating: Action[] = update.kind === 'ready' || update.kind === 'refused' ? ['install-update'] : []
  if (server.kind === 'serving') {
    if (!server.house.isSetUp) return ['set-up', ...updating]
    const pairing: Action[] = server.house.https ? ['pair'] : []
    return ['open', ...pairing, settings.isLanPaused ? 'resume-lan' : 'pause-lan', ...updating]
  }
  if (server.kind !== 'failed' && server.kind !== 'waiting') return updating
  const ways: Partial<Record<typeof server.failure.reason, Action[]>> = {
    'port-in-use': ['other-port'],
    'folder-in-use': ['choose-folder'],
    'folder-not-writable': ['choose-folder'],
  }
  return ['try-again', ...(ways[server.failure.reason] ?? []), 'show-log', ...updating]
}

function updateInWords(update: UpdateState, words: Words): string | null {
  if (update.kind === 'none') return null
  if (update.kind === 'refused') return words.update.refused(update.words)
  return words.update[update.kind](update.version)
}

function qrOf(text: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(renderSVG(text, { border: 4 })).toString('base64')}`
}
