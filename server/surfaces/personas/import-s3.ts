import { GetObjectCommand, ListObjectsV2Command, type ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { OriginalSource } from './import-source.ts'

export type OriginalBucket = {
  bucket: string
  /** Empty, or ending in a slash. */
  prefix: string
}

/** @returns null for what is no `s3://bucket/prefix` */
export function parseS3Url(url: string): OriginalBucket | null {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url)
  if (!found?.[1]) return null
  const bare = (found[2] ?? '').replace(/^\/+|\/+$/g, '')
  return { bucket: found[1], prefix: bare && `${bare}/` }
}

/**
 * The original's bucket (personas §6), read with the endpoint and credentials of the `HEARTHKEEP_S3_…` variables;
 * without them, as the AWS tools find theirs.
 */
export function originalBucket(where: OriginalBucket, env: Record<string, string | undefined>): OriginalSource {
  const accessKeyId = env.HEARTHKEEP_S3_ACCESS_KEY_ID
  const secretAccessKey = env.HEARTHKEEP_S3_SECRET_ACCESS_KEY
  const endpoint = env.HEARTHKEEP_S3_ENDPOINT
  const pathStyle = env.HEARTHKEEP_S3_FORCE_PATH_STYLE
  const client = new S3Client({
    region: env.HEARTHKEEP_S3_REGION || 'us-west-2',
    ...(endpoint ? { endpoint, forcePathStyle: pathStyle !== 'false' } : {}),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return {
    async *list() {
      for await (const { Key, Size } of listObjects(client, where)) {
        if (Key === undefined || Key.endsWith('/')) continue
        yield { key: Key.slice(where.prefix.length), size: Size ?? 0, open: () => openObject(client, where, Key) }
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  }
}

async function* listObjects(client: S3Client, { bucket, prefix }: OriginalBucket) {
  let token: string | undefined
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token })
    const page: ListObjectsV2CommandOutput = await client.send(command)
    yield* page.Contents ?? []
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token)
}

async function openObject(client: S3Client, { bucket }: OriginalBucket, key: string) {
  const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return { mediaType: ContentType ?? null, chunks: Body as unknown as Chunks }
}
