/** A real S3 server for the tests of the S3 store, with a proxy in front of it that can fail on demand. */
import { randomUUID } from 'node:crypto'
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { startS3Proxy } from './s3-proxy.ts'
import { type S3Account, startS3Server } from './s3-server.ts'

/** Fits `s3Store`. */
export type S3Corner = S3Account & { prefix: string }

export async function startS3() {
  const server = await startS3Server()
  const proxy = await startS3Proxy(server.endpoint)

  /** Settings of a store with a corner of the bucket to itself. */
  function corner(over: Partial<S3Corner> = {}): S3Corner {
    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = server
    return { endpoint, region, bucket, accessKeyId, secretAccessKey, prefix: `test-${randomUUID()}`, ...over }
  }

  /** A client of the test's own, to see what the store left and to leave things for it. */
  function inspector({ bucket, prefix }: S3Corner) {
    const { endpoint, region, accessKeyId, secretAccessKey } = server
    const client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    })
    return {
      async openUploads() {
        if (server.kind === 's3rver') return []
        const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }))
        return (Uploads ?? []).map(({ Key }) => String(Key))
      },
      async leaveUpload() {
        const Key = `${prefix}/blobs/${randomUUID()}`
        await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))
      },
      close: () => client.destroy(),
    }
  }

  return {
    server,
    proxy,
    corner,
    inspector,
    /** s3rver stores what has arrived of a put whose connection breaks, lists no open uploads, ignores `bytes=0-0`. */
    sloppy: server.kind === 's3rver' ? 's3rver is not strict enough' : undefined,
    cannotStop: server.kind === 'external' ? 'an external server cannot be stopped' : undefined,
    async stop() {
      await proxy.stop()
      await server.stop()
    },
  }
}

/** The end of a test's name when it is skipped. */
export function why(reason: string | undefined): string {
  return reason ? ` (skipped: ${reason})` : ''
}
