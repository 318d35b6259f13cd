import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { type FolderOptions, openListFolder } from './list-folder.ts'

/** `sync add`: works without a server; a running `sync run --watch` sends it at once. */
export async function addItem(ctx: VerbContext, item: string, options: FolderOptions): Promise<Outcome> {
  if (item.trim() === '' || !item.isWellFormed()) throw usageFailure('An item is some text')
  const { log, set, change } = await openListFolder(ctx, options)
  await change(set.adding(item))
  return { text: `Added ${forTerminal(item)}.`, json: { item, pending: log.pendingCount } }
}

/** `sync remove`: of what this device knows of; what another adds at the same time stays. */
export async function removeItem(ctx: VerbContext, item: string, options: FolderOptions): Promise<Outcome> {
  const { log, set, change } = await openListFolder(ctx, options)
  const removing = set.removing(item)
  if (removing === null) throw usageFailure(`${forTerminal(item)} is not on the list`)
  await change(removing)
  return { text: `Removed ${forTerminal(item)}.`, json: { item, pending: log.pendingCount } }
}

/** `sync list`: what this device knows, one item a line; `--json` has them exactly as they are. */
export async function showList(ctx: VerbContext, options: FolderOptions): Promise<Outcome> {
  const { log, set } = await openListFolder(ctx, options)
  const items = set.items()
  const json = { items, pending: log.pendingCount }
  if (items.length === 0) return { text: 'The list is empty.', textTo: 'stderr', json }
  return { text: items.map(forTerminal).join('\n'), json }
}
