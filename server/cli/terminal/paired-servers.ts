import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import { configFolder } from './config-folder.ts'
import { withLockFile } from './with-lock-file.ts'

const shape = z.object({
  format: z.literal(1),
  servers: z.array(
    z.object({
      baseUrl: z.url(),
      addresses: z.array(z.url()),
      /** PEM; null = the system's CAs vouch for it. */
      ca: z.string().nullable(),
      /** SHA-256 of that CA, in pairs. */
      fingerprint: z.string().nullable(),
      /** ISO 8601. */
      pairedAt: z.string(),
    }),
  ),
})

/** A server that a pairing code vouched for. Nothing here is secret. */
export type PairedServer = z.infer<typeof shape>['servers'][number]

type Env = Record<string, string | undefined>

/** The one paired with last first; none where the file is missing. @throws when it is there and cannot be read */
export function recallPairedServers(env: Env): PairedServer[] {
  const file = fileOf(env)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  try {
    return shape.parse(JSON.parse(text)).servers
  } catch {
    // Going on without it would ask a server whose CA is pinned as if it were a stranger's.
    throw new Error(`${file} is damaged; delete it and pair again`)
  }
}

/** Put a server first; it takes the place of what was known under any of its addresses. */
export async function rememberPairedServer(env: Env, server: PairedServer): Promise<void> {
  const file = fileOf(env)
  await mkdir(configFolder(env), { recursive: true, mode: 0o700 })
  await withLockFile(file, async () => {
    const others = recallPairedServers(env).filter((known) => pairedServerAt([server], known.baseUrl) === undefined)
    const servers = [server, ...others]
    await writeFileAtomically(file, `${JSON.stringify({ format: 1, servers }, null, 2)}\n`, 0o600)
  })
}

export function pairedServerAt(servers: PairedServer[], address: string): PairedServer | undefined {
  const origin = URL.parse(address)?.origin
  return servers.find(({ baseUrl, addresses }) => [baseUrl, ...addresses].some((own) => new URL(own).origin === origin))
}

function fileOf(env: Env): string {
  return join(configFolder(env), 'servers.json')
}
