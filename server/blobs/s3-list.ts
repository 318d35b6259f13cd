import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3'
import { S3Failure } from './s3-failure.ts'
import type { S3Link } from './s3-link.ts'
import { abortUpload } from './s3-objects.ts'

/** Every key under a prefix, page by page. */
export async function* listKeys(link: S3Link, prefix: string) {
  let token: string | undefined
  do {
    const command = new ListObjectsV2Command({ Bucket: link.bucket, Prefix: prefix, ContinuationToken: token })
    const page: ListObjectsV2CommandOutput = await link.call('ListObjectsV2', (abortSignal) =>
      link.client.send(command, { abortSignal }),
    )
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key !== undefined && Size !== undefined && LastModified)
        yield { key: Key, size: Size, modifiedAt: LastModified }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token)
}

/**
 * End multipart uploads begun before a moment.
 *
 * @returns how many; 0 at an endpoint that cannot list them
 */
export async function abortUploadsBefore(
  link: S3Link,
  before: Date,
  spare: (key: string) => boolean = () => false,
): Promise<number> {
  let aborted = 0
  for await (const { key, uploadId, begun } of listUploads(link)) {
    if (begun < before && !spare(key) && (await abortUpload(link, key, uploadId))) aborted += 1
  }
  return aborted
}

async function* listUploads(link: S3Link) {
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
  while (marker) {
    const page: ListMultipartUploadsCommandOutput | null = await uploadsPage(link, marker)
    for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) {
      if (Key?.startsWith(link.prefix) && UploadId && Initiated)
        yield { key: Key, uploadId: UploadId, begun: Initiated }
    }
    marker = page?.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined
  }
}

async function uploadsPage(link: S3Link, marker: { KeyMarker?: string; UploadIdMarker?: string }) {
  const command = new ListMultipartUploadsCommand({ Bucket: link.bucket, Prefix: link.prefix, ...marker })
  try {
    return await link.call('ListMultipartUploads', (abortSignal) => link.client.send(command, { abortSignal }))
  } catch (error) {
    if (error instanceof S3Failure && error.status === 501) return null
    throw error
  }
}
