/** An upload that lacks nothing, for `/create` and `/sync` alike, so that one test can hold both to §4.3. */
import { randomBytes } from 'node:crypto'
import { type Api, createBackup, createPayload, draft, hashes, ok } from './factors.ts'

export type UploadSubject = {
  payload: Record<string, unknown>
  bytes: Buffer
  /** What is kept of it now, null for nothing. */
  kept(): Promise<Buffer | null>
}

export function uploadFor(api: Api, route: 'create' | 'sync'): Promise<UploadSubject> {
  return route === 'create' ? newCreate(api) : newSync(api)
}

async function newCreate(api: Api): Promise<UploadSubject> {
  const one = draft()
  const kept = async () => {
    const [status, body] = await api.retrieve(one.main)
    return status === 200 ? Buffer.from((body as { backup: string }).backup, 'base64') : null
  }
  return { payload: await createPayload(api, one), bytes: one.bytes, kept }
}

async function newSync(api: Api): Promise<UploadSubject> {
  const one = await createBackup(api)
  const kept = async () => {
    const { backup } = ok(await api.retrieve(one.main))
    return backup === one.bytes.toString('base64') ? null : Buffer.from(String(backup), 'base64')
  }
  const payload = { ...(await api.prove('sync', one.sync)), ...hashes(one.manifestHash) }
  return { payload, bytes: randomBytes(600), kept }
}
