import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'

const day = 24 * 3_600_000

const keyBytes = 32

const key = z.base64().refine((text) => Buffer.from(text, 'base64').length === keyBytes)
const shape = z.object({ keys: z.array(z.object({ id: z.string(), key, createdAt: z.number() })) })
type StoredKey = z.infer<typeof shape>['keys'][number]

export type ChallengeKey = { id: string; key: Buffer }

export type ChallengeKeyNeeds = { dataFolder: string; clock: Clock; ids: Ids; log: Log }

/**
 * The keys that seal challenge tokens, in `<data>/challenge-keys.json`: a new one each day, the one before kept until
 * its last token has run out, so that neither a rotation nor a restart spoils a ceremony that is under way.
 */
export class ChallengeKeys {
  readonly #needs: ChallengeKeyNeeds
  #keys: StoredKey[]
  #rotating: Promise<void> | null = null

  private constructor(needs: ChallengeKeyNeeds, keys: StoredKey[]) {
    this.#needs = needs
    this.#keys = keys
  }

  static async open(needs: ChallengeKeyNeeds): Promise<ChallengeKeys> {
    return new ChallengeKeys(needs, await read(needs))
  }

  /** The key to seal with now. */
  async current(): Promise<ChallengeKey> {
    const now = this.#needs.clock.now()
    const newest = this.#keys[0]
    if (newest && Math.abs(now - newest.createdAt) < day) return asKey(newest)
    this.#rotating ??= this.#rotate(now).finally(() => {
      this.#rotating = null
    })
    await this.#rotating
    return asKey(this.#keys[0] as StoredKey)
  }

  find(id: string): ChallengeKey | null {
    const found = this.#keys.find((key) => key.id === id)
    return found ? asKey(found) : null
  }

  /** Two are enough: tokens last minutes, keys a day. */
  async #rotate(now: number): Promise<void> {
    const { ids, dataFolder, log } = this.#needs
    const made = { id: ids.uuid(), key: ids.random(keyBytes).toString('base64'), createdAt: now }
    const keys = [made, ...this.#keys.slice(0, 1)]
    const text = `${JSON.stringify({ keys }, null, 2)}\n`
    // A full disk must not keep people from what is kept: at worst a restart spoils the tokens of the last minutes.
    await writeFileAtomically(pathIn(dataFolder), text, 0o600).catch((error) =>
      log.warn({ error }, 'challenge-keys.json cannot be written; tokens will not outlast a restart'),
    )
    this.#keys = keys
  }
}

/** A damaged file costs the tokens of the last minutes and nothing else, so it does not stop the start. */
async function read({ dataFolder, log }: ChallengeKeyNeeds): Promise<StoredKey[]> {
  const text = await readFile(pathIn(dataFolder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return []
  try {
    return shape.parse(JSON.parse(text)).keys
  } catch {
    log.warn('challenge-keys.json is damaged; a new one is made, ceremonies under way have to begin again')
    return []
  }
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'challenge-keys.json')
}

function asKey({ id, key }: StoredKey): ChallengeKey {
  return { id, key: Buffer.from(key, 'base64') }
}
