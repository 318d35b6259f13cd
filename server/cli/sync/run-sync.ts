import { isClientError } from '#client/errors/client-error.ts'
import type { SetChange } from '#client/surfaces/oplog/observed-remove-set.ts'
import { watchLog } from '#client/surfaces/oplog/watch-log.ts'
import { Interrupted } from '#server/cli/terminal/ask-hidden.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { type FolderOptions, type Listeners, openListFolder } from './list-folder.ts'

export type RunOptions = FolderOptions & { watch?: boolean }

/**
 * `sync run`: send what was changed here and fetch what others changed; with `--watch` until `stop` is aborted, printing
 * each change of the list as it becomes known.
 */
export async function runSync(ctx: VerbContext, options: RunOptions, stop: AbortSignal): Promise<Outcome> {
  const { stdout, stderr } = ctx.terminal
  let refused = 0
  const listeners: Listeners = {
    onRefused() {
      refused += 1
      if (refused === 1) stderr.write('Warning: the server sent operations that no device of this list made.\n')
    },
  }
  if (!options.watch) {
    const { log, set } = await openListFolder(ctx, options, listeners)
    const { sent, received } = await log.sync({ signal: stop }).catch((error) => {
      throw stop.aborted ? new Interrupted() : error
    })
    const items = set.items()
    const text = `Sent ${sent}, received ${received}; ${items.length} ${items.length === 1 ? 'item' : 'items'}.`
    return { text, json: { sent, received, refused, pending: log.pendingCount, items } }
  }
  listeners.onChange = (change) => void stdout.write(options.json ? jsonLine(change) : personLine(change))
  const { log, set } = await openListFolder(ctx, options, listeners)
  stderr.write('Watching; Ctrl-C stops.\n')
  await watchLog(log, {
    signal: stop,
    onTrouble(error) {
      const words = isClientError(error) ? error.message : String(error)
      stderr.write(error === null ? 'In step again.\n' : `${words}; trying again.\n`)
    },
  })
  return { text: 'Stopped.', textTo: 'stderr', json: { refused, pending: log.pendingCount, items: set.items() } }
}

function personLine({ item, present }: SetChange): string {
  return `${present ? '+' : '-'} ${forTerminal(item)}\n`
}

function jsonLine({ item, present }: SetChange): string {
  return `${JSON.stringify({ event: present ? 'added' : 'removed', item })}\n`
}
