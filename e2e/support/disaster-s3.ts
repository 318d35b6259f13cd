import { type S3Account, startS3Server } from './s3-server.ts'

/** What tells a server to keep its objects there. */
export function environmentFor(account: S3Account): Record<string, string> {
  return {
    HEARTHKEEP_BLOBS: 's3',
    HEARTHKEEP_S3_ENDPOINT: account.endpoint,
    HEARTHKEEP_S3_REGION: account.region,
    HEARTHKEEP_S3_BUCKET: account.bucket,
    HEARTHKEEP_S3_ACCESS_KEY_ID: account.accessKeyId,
    HEARTHKEEP_S3_SECRET_ACCESS_KEY: account.secretAccessKey,
  }
}

/** An S3 server of the test's own, with the environment for `startServer`. */
export async function s3ForTest(): Promise<AsyncDisposable & { env: Record<string, string> }> {
  const s3 = await startS3Server()
  return { env: environmentFor(s3), [Symbol.asyncDispose]: () => s3.stop() }
}
