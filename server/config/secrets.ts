import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import type { Ids } from '#server/kit/ids.ts'

const key = z.base64().transform((text) => Buffer.from(text, 'base64'))
const shape = z.object({ accessTokenKey: key, serverKey: key })

/** Keys made at first start and kept in `<data>/secrets.json`, readable by the server's own user alone. */
export type Secrets = {
  /** HS256 key of access tokens, 32 bytes. */
  accessTokenKey: Buffer
  /** Wraps secrets at rest (OTP secrets, challenge keys), 32 bytes. */
  serverKey: Buffer
}

/**
 * Read the secrets, or make them at first start.
 *
 * @throws when the file is there but unreadable: making new keys then would lock everybody out
 */
export async function readSecrets(dataFolder: string, ids: Ids): Promise<Secrets> {
  const path = join(dataFolder, 'secrets.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text !== null) {
    const read = shape.safeParse(parseJson(text))
    if (!read.success) throw new Error(`${path} is damaged; restore it from a backup, do not delete it`)
    return read.data
  }
  const made = { accessTokenKey: ids.random(32), serverKey: ids.random(32) }
  const stored = {
    accessTokenKey: made.accessTokenKey.toString('base64'),
    serverKey: made.serverKey.toString('base64'),
  }
  await writeFileAtomically(path, `${JSON.stringify(stored, null, 2)}\n`, 0o600)
  return made
}

/** The key of what is sealed in the database; null when there is none yet, or it cannot be read. */
export function readServerKey(dataFolder: string): Buffer | null {
  try {
    const read = shape.safeParse(parseJson(readFileSync(join(dataFolder, 'secrets.json'), 'utf8')))
    return read.success ? read.data.serverKey : null
  } catch {
    return null
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
