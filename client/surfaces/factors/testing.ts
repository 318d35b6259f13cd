import { randomBytes, randomUUID } from 'node:crypto'
import { Transport } from '#client/transport/transport.ts'
import { FactorBackupClient } from './factor-backup-client.ts'
import type { BackupMetadata } from './wire.ts'

/**
 * A server for unit tests, in memory, for failures that a real one cannot be made to give. It checks no proofs; those,
 * and everything else, are tried against the real server in e2e/.
 */
export type FactorsStub = {
  client: FactorBackupClient
  /** Paths of the calls so far. */
  calls: string[]
  stored: { metadata: BackupMetadata; backup: Uint8Array } | null
  /** The next call of this path is carried out with its answer lost, dropped unseen, or refused. */
  failNext(path: string, ...faults: Fault[]): void
  /** As another device's sync would. */
  moveOn(): void
}

export type Fault = 'lose-answer' | 'drop' | { status: number; code: string }

export function factorsStub(baseUrl = 'http://127.0.0.1:1'): FactorsStub {
  const faults: { path: string; fault: Fault }[] = []

  const carryOut = async (path: string, init: RequestInit): Promise<Response> => {
    if (path.includes('/challenge')) {
      return Response.json({ challenge: randomBytes(32).toString('base64'), token: randomUUID() })
    }
    const headers = new Headers(init.headers)
    const request = new Response(init.body, { headers })
    if (path === '/v1/create') {
      const { payload, backup } = await readParts(request)
      const { backupAccountId: id, manifestHash, initialEncryptionKey } = payload
      const metadata = { id, manifestHash, keys: [initialEncryptionKey], factors: [], syncFactors: [] }
      stub.stored = { metadata, backup }
      return Response.json({ backupId: id, backupMetadata: metadata })
    }
    if (path === '/v1/sync') {
      const { payload, backup } = await readParts(request)
      if (stub.stored === null) return refusal(400, 'backup_untraceable')
      const { metadata } = stub.stored
      if (payload.currentManifestHash !== metadata.manifestHash) return refusal(412, 'manifest_hash_mismatch')
      stub.stored = { metadata: { ...metadata, manifestHash: payload.newManifestHash }, backup }
      return Response.json({ backupId: metadata.id })
    }
    if (stub.stored === null) return refusal(400, 'backup_untraceable')
    const { metadata, backup } = stub.stored
    if (path === '/v1/retrieve-metadata') return Response.json(metadata)
    if (path === '/v1/add-sync-factor') return Response.json({ backupId: metadata.id })
    if (path !== '/v1/retrieve/from-challenge') return refusal(404, 'not_found')
    return Response.json({ backup: Buffer.from(backup).toString('base64'), metadata, syncFactorToken: 'token' })
  }

  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const path = String(url).slice(new URL(String(url)).origin.length)
    stub.calls.push(path)
    const index = faults.findIndex((fault) => fault.path === path)
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault
    if (fault === 'drop') throw new TypeError('fetch failed')
    if (typeof fault === 'object') return refusal(fault.status, fault.code)
    const answer = await carryOut(path, init)
    if (fault === 'lose-answer') throw new TypeError('fetch failed')
    return answer
  }

  const transport = new Transport({ baseUrl, fetch, pause: async () => {} })
  const stub: FactorsStub = {
    client: new FactorBackupClient({ server: transport }),
    calls: [],
    stored: null,
    failNext: (path, ...next) => void faults.push(...next.map((fault) => ({ path, fault }))),
    moveOn() {
      if (stub.stored) stub.stored.metadata = { ...stub.stored.metadata, manifestHash: randomBytes(32).toString('hex') }
    },
  }
  return stub
}

type Payload = {
  backupAccountId: string
  manifestHash: string
  initialEncryptionKey: BackupMetadata['keys'][number]
  currentManifestHash: string
  newManifestHash: string
}

async function readParts(request: Response): Promise<{ payload: Payload; backup: Uint8Array }> {
  const form = await request.formData()
  const backup = new Uint8Array(await (form.get('backup') as File).arrayBuffer())
  return { payload: JSON.parse(String(form.get('payload'))), backup }
}

function refusal(status: number, code: string): Response {
  return Response.json({ allowRetry: false, error: { code, message: 'words' } }, { status })
}
