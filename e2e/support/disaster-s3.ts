import { s3Env } from './s3-env.ts'
import { startS3Server } from './s3-server.ts'

/** An S3 server of the test's own, with the environment for `startServer`. */
export async function s3ForTest(): Promise<AsyncDisposable & { env: Record<string, string> }> {
  const s3 = await startS3Server()
  return { env: s3Env(s3), [Symbol.asyncDispose]: () => s3.stop() }
}
