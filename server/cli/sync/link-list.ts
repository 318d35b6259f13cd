import { linkToAccount } from '#client/surfaces/oplog/link-to-account.ts'
import { ServerError } from '#client/transport/errors.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { type FolderOptions, openListKeys } from './list-folder.ts'

export type LinkOptions = FolderOptions & { name?: string }

/** `sync link`: make the list a person's own, by a code from their page. */
export async function linkList(ctx: VerbContext, code: string, options: LinkOptions): Promise<Outcome> {
  const { keys, server } = await openListKeys(ctx, options)
  const { name } = options
  if (name !== undefined && (name.trim() === '' || [...name].length > 100))
    throw usageFailure('--name takes 1 to 100 characters')
  await linkToAccount(server, keys, { code, ...(name === undefined ? {} : { name }) }).catch((error) => {
    if (error instanceof ServerError && error.status === 410)
      throw usageFailure(
        'That code is wrong, was used, or is older than 15 minutes; the page “Sync keys” makes another',
      )
    if (error instanceof ServerError && error.status === 409)
      throw usageFailure('This list is linked to somebody else; only they can let go of it')
    throw error
  })
  return { text: 'Linked. The list is on the page “Sync keys” now.', json: { linked: true, name: name ?? null } }
}
