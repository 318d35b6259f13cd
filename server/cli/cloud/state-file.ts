import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { IdentityBackup } from '#client/surfaces/cloud-backup/identity-backup.ts'
import { configFolder } from '#server/cli/terminal/config-folder.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'

/** What this device knows of one user's slot on one server. Nothing here is secret. */
export type SlotMemory = {
  /** The newest version whose contents this device has; the next upload says it replaces this one. */
  seen?: number
  /** The newest version this device stored. Above `seen` when the upload merged in what this device does not have. */
  saved?: number
  /** Whose backup that was: a fingerprint of the public key. */
  identity?: string
}

export type SlotName = { server: string; user: string }

type State = { format: 1; slots: { [slot: string]: SlotMemory } }

/** In the OS's folder for configuration. */
export function defaultStateFile(env: Record<string, string | undefined>): string {
  return join(configFolder(env), 'cloud-state.json')
}

/** 16 hex digits; tells identities apart and gives nothing away. */
export function fingerprintOf({ identity }: IdentityBackup): string {
  return createHash('sha256').update(identity.publicKey).digest('hex').slice(0, 16)
}

/** Nothing is remembered where the file is missing or unreadable: the next upload then merges, which is always safe. */
export async function recallSlot(file: string, slot: SlotName): Promise<SlotMemory> {
  const state = await readState(file).catch(() => null)
  return state?.slots[keyOf(slot)] ?? {}
}

/**
 * Replaces the file whole, keeping what it says of other slots; creates its folder. Throws what the file system throws.
 */
export async function rememberSlot(file: string, slot: SlotName, memory: SlotMemory): Promise<void> {
  const { slots } = await readState(file)
  const state: State = { format: 1, slots: { ...slots, [keyOf(slot)]: memory } }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFileAtomically(file, `${JSON.stringify(state, null, 2)}\n`, 0o600)
}

async function readState(file: string): Promise<State> {
  const empty: State = { format: 1, slots: {} }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return empty
  try {
    const state: unknown = JSON.parse(text)
    return isState(state) ? state : empty
  } catch {
    return empty
  }
}

function isState(value: unknown): value is State {
  if (typeof value !== 'object' || value === null) return false
  const { format, slots } = value as Partial<State>
  const isVersion = (version: unknown) => version === undefined || (Number.isInteger(version) && Number(version) > 0)
  return (
    format === 1 &&
    typeof slots === 'object' &&
    slots !== null &&
    Object.values(slots).every((slot) => slot !== null && isVersion(slot?.seen) && isVersion(slot?.saved))
  )
}

/** User names are lower-cased by the server (cloud-backup §1). */
function keyOf({ server, user }: SlotName): string {
  return `${server} ${user.toLowerCase()}`
}
