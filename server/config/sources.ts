import { ConfigError, faultsTogether, isVariable, parseVariables, variables } from './variables.ts'

/** Where the values of variables come from, as texts by name: the first of environment, kept, restored that has one. */
export type Sources = {
  environment: Record<string, string>
  /** Changed by the keeper while the server ran; in the database. */
  kept: Record<string, string>
  /** Brought along by a restore (`belongings.ts`). */
  restored: Record<string, string>
  /** What the process goes by now: some variables wait for a restart. */
  inEffect: Record<string, string>
}

/** What the database holds, with the names of those that could not be unsealed. */
export type Kept = { values: Record<string, string>; unreadable: string[] }

/** Needed before there is a database, for set-up alone, or another name for the same thing. */
const neverKept = new Set(['HEARTHKEEP_DATA_DIR', 'PORT', 'HEARTHKEEP_ADMIN_EMAIL', 'HEARTHKEEP_ADMIN_PASSWORD'])

export function isKeepable(name: string): boolean {
  return isVariable(name) && !neverKept.has(name)
}

/** Whether the environment gives it; nobody can change it then. */
export function isPinned({ environment }: Pick<Sources, 'environment'>, name: string): boolean {
  return name in environment || (name === 'HEARTHKEEP_HTTP_PORT' && 'PORT' in environment)
}

export function mergeSources(sources: Omit<Sources, 'inEffect'>): Record<string, string> {
  const open = Object.entries(sources.kept).filter(([name]) => !isPinned(sources, name))
  return { ...sources.restored, ...Object.fromEntries(open), ...sources.environment }
}

/**
 * What of the kept variables can be used beside the environment: a server must start whatever an older or newer version,
 * or a restore, left in its database. What belongs together goes together.
 *
 * @throws ConfigError when it is the store's: with another store than its own, a server would find everything lost
 */
export function usableOf(
  { values, unreadable }: Kept = { values: {}, unreadable: [] },
  outer: Pick<Sources, 'environment' | 'restored'>,
  dataFolder: string,
): { usable: Record<string, string>; unusable: string[] } {
  const usable: Record<string, string> = {}
  const unusable = new Set(unreadable)
  for (const [name, value] of Object.entries(values))
    if (isKeepable(name) && isVariable(name) && variables[name].safeParse(value).success) usable[name] = value
    else unusable.add(name)

  for (const name of contradicting(usable, outer, dataFolder)) {
    delete usable[name]
    unusable.add(name)
  }
  const ofStore = [...unusable].filter((name) => storage.test(name) && !isPinned(outer, name))
  const isElsewhere = (outer.environment.HEARTHKEEP_BLOBS ?? values.HEARTHKEEP_BLOBS ?? 'disk') !== 'disk'
  if (ofStore.length > 0 && isElsewhere)
    throw new ConfigError(
      ofStore.map((name) => `${name}: what is kept in the database cannot be used; give it by the environment`),
    )
  return { usable, unusable: [...unusable] }
}

const storage = /^HEARTHKEEP_(BLOBS|BLOBS_DIR|S3_\w+)$/
/** Variables that are wrong together. */
const together = [
  storage,
  /^HEARTHKEEP_(TLS|TRUSTED_PROXIES)/,
  /^HEARTHKEEP_ATTESTATION/,
  /^HEARTHKEEP_SNAPSHOT_(DIR|S3_)/,
]

function contradicting(
  kept: Record<string, string>,
  outer: Pick<Sources, 'environment' | 'restored'>,
  dataFolder: string,
): string[] {
  try {
    const faults = faultsTogether(parseVariables(mergeSources({ ...outer, kept })), dataFolder)
    const named = faults.flatMap((fault) => fault.match(/HEARTHKEEP_\w+/g) ?? [])
    const groups = together.filter((group) => named.some((name) => group.test(name)))
    return Object.keys(kept).filter((name) => groups.some((group) => group.test(name)))
  } catch (error) {
    // The environment's own fault, which is told where it is read.
    if (error instanceof ConfigError) return []
    throw error
  }
}
