import type { S3Account } from './s3-server.ts'

/** Environment that keeps a server's bytes in that bucket. */
export function s3Env(account: S3Account): Record<string, string> {
  return {
    HEARTHKEEP_BLOBS: 's3',
    HEARTHKEEP_S3_ENDPOINT: account.endpoint,
    HEARTHKEEP_S3_REGION: account.region,
    HEARTHKEEP_S3_BUCKET: account.bucket,
    HEARTHKEEP_S3_ACCESS_KEY_ID: account.accessKeyId,
    HEARTHKEEP_S3_SECRET_ACCESS_KEY: account.secretAccessKey,
    HEARTHKEEP_S3_FORCE_PATH_STYLE: 'true',
  }
}
