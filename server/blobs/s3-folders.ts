import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { s3Problem } from './s3-failure.ts'
import { type S3Settings, s3Link } from './s3-link.ts'

/** Names of what S3 shows as folders right under the prefix. @throws store.unavailable */
export async function listFolders(settings: S3Settings): Promise<string[]> {
  const link = s3Link(settings)
  const names: string[] = []
  try {
    let token: string | undefined
    do {
      const command = new ListObjectsV2Command({
        Bucket: link.bucket,
        Prefix: link.prefix,
        Delimiter: '/',
        ContinuationToken: token,
      })
      const page: ListObjectsV2CommandOutput = await link.call('ListObjectsV2', (abortSignal) =>
        link.client.send(command, { abortSignal }),
      )
      for (const { Prefix } of page.CommonPrefixes ?? [])
        if (Prefix) names.push(Prefix.slice(link.prefix.length).replace(/\/$/, ''))
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token)
    return names
  } catch (error) {
    throw s3Problem(error)
  } finally {
    link.client.destroy()
    link.downloads.destroy()
  }
}
