import { randomBytes } from 'node:crypto'
import type { BlobStore, StoredObject } from './blob-store.ts'
import { isBlobId, requireBlobId } from './checks.ts'
import { S3Failure, s3Problem } from './s3-failure.ts'
import { type S3Settings, s3Link } from './s3-link.ts'
import { abortUploadsBefore, listKeys } from './s3-list.ts'
import { deleteObject, headObject, learnsOnlyIfNew, probeKey, probePrefix, putObject } from './s3-objects.ts'
import { openKey } from './s3-open.ts'
import { upload } from './s3-upload.ts'

export type { S3Settings } from './s3-link.ts'

export type S3Store = BlobStore & {
  readonly kind: 's3'
  /**
   * Whether the endpoint itself refuses to overwrite an object. Where it does not, the store looks before it writes.
   * Found out once, by writing a probe object twice. @throws store.full, store.unavailable
   */
  refusesOverwrites(): Promise<boolean>
}

/**
 * Objects in a bucket of any S3-compatible endpoint, under `<prefix>blobs/<id>`. The key needs the rights to get,
 * put, delete and list (without the right to list, S3 answers 403 for a missing object).
 *
 * @throws Error for settings that cannot work; never shows the credentials
 */
export function s3Store(settings: S3Settings): S3Store {
  const link = s3Link(settings)
  const objects = `${link.prefix}blobs/`
  const keyOf = (id: string) => objects + id
  let overwrites: Promise<boolean> | undefined

  function refusesOverwrites(): Promise<boolean> {
    overwrites ??= learnsOnlyIfNew(link).catch((error) => {
      overwrites = undefined
      throw error
    })
    return overwrites
  }

  async function* list(): AsyncGenerator<StoredObject, void, void> {
    for await (const { key, size, modifiedAt } of listKeys(link, objects)) {
      const id = key.slice(objects.length)
      if (isBlobId(id)) yield { id, size, modifiedAt }
    }
  }

  async function sweepPartials(before: Date, spare: (id: string) => boolean = () => false): Promise<number> {
    let swept = await abortUploadsBefore(link, before, (key) => spare(key.slice(objects.length)))
    for await (const { key, modifiedAt } of listKeys(link, probePrefix(link))) {
      if (modifiedAt >= before) continue
      await deleteObject(link, key)
      swept += 1
    }
    return swept
  }

  async function probe(): Promise<void> {
    const key = probeKey(link)
    const sample = randomBytes(4096)
    try {
      await putObject(link, key, sample)
      const found = await openKey(link, key)
      const back: Uint8Array[] = []
      for await (const chunk of found?.chunks ?? []) back.push(chunk)
      if (!sample.equals(Buffer.concat(back))) {
        throw new S3Failure('GetObject', 'WrongBytes', 200, 'other bytes came back than were written')
      }
    } finally {
      await deleteObject(link, key, { limit: link.patience.cleanup }).catch(() => {})
    }
  }

  return {
    kind: 's3',
    refusesOverwrites: () => translated(refusesOverwrites),
    put: (id, source, options) =>
      guarded(id, async () => {
        const onlyIfNew = await refusesOverwrites()
        return upload(link, { id, key: keyOf(id), source, ...options, onlyIfNew })
      }),
    open: (id, range) => guarded(id, () => openKey(link, keyOf(id), range)),
    stat: (id) =>
      guarded(id, async () => {
        const found = await headObject(link, keyOf(id))
        return found && { size: found.size }
      }),
    delete: (id) => guarded(id, () => deleteObject(link, keyOf(id))),
    async *list() {
      try {
        yield* list()
      } catch (error) {
        throw s3Problem(error)
      }
    },
    sweepPartials: (before, spare) => translated(() => sweepPartials(before, spare)),
    probe: () => translated(probe),
    close: async () => {
      link.client.destroy()
      link.downloads.destroy()
    },
  }
}

async function guarded<T>(id: string, work: () => Promise<T>): Promise<T> {
  requireBlobId(id)
  return translated(work)
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw s3Problem(error)
  }
}
