import type { Command } from 'commander'
import { exitCodeHelp } from '#server/cli/terminal/exit-codes.ts'
import { type VerbDependencies, verbGroup } from '#server/cli/terminal/verb-group.ts'
import { addItem, removeItem, showList } from './change-list.ts'
import { type LinkOptions, linkList } from './link-list.ts'
import type { FolderOptions } from './list-folder.ts'
import { initList, joinList, type MakeOptions } from './make-list.ts'
import { type RunOptions, runSync } from './run-sync.ts'

const help = `
A list lives in a folder, with its key; the server keeps it encrypted and never sees an item. Changes are made in the
folder, with or without a server, and exchanged by "sync run".

The passphrase of the key comes from its file, else from HEARTHKEEP_SYNC_PASSPHRASE, else from a hidden prompt.
Without --server: HEARTHKEEP_SERVER, else the one the folder was made with, else the one running on this machine.
`

/** Adds `sync init`, `join`, `add`, `remove`, `list`, `link` and `run`. */
export function register(program: Command, dependencies: VerbDependencies): void {
  const { command: sync, ctx, run } = verbGroup(program, 'sync', dependencies)
  sync.description('share a small list between devices, end-to-end encrypted, by the operation log')

  const init = withOptions(sync.command('init')).description('make a new list')
  withPassphrase(init).action((options: MakeOptions) => run(initList(ctx, options), options.json))

  const join = withOptions(sync.command('join'))
    .description('share a list that another device made')
    .argument('<key-file>', 'the sealed key from that device’s folder')
  withPassphrase(join).action((key: string, options: MakeOptions) => run(joinList(ctx, key, options), options.json))

  const add = withOptions(sync.command('add')).description('put an item on the list').argument('<item>')
  add.action((item: string, options: FolderOptions) => run(addItem(ctx, item, options), options.json))

  const remove = withOptions(sync.command('remove')).description('take an item off the list').argument('<item>')
  remove.action((item: string, options: FolderOptions) => run(removeItem(ctx, item, options), options.json))

  const list = withOptions(sync.command('list')).description('print the list as this device knows it')
  list.action((options: FolderOptions) => run(showList(ctx, options), options.json))

  const link = withOptions(sync.command('link'))
    .description('make the list yours, so that your page “Sync keys” shows it')
    .argument('<code>', 'from that page')
    .option('--name <name>', 'what the page calls it')
  link.action((code: string, options: LinkOptions) => run(linkList(ctx, code, options), options.json))

  const exchange = withOptions(sync.command('run'))
    .description('send and fetch changes')
    .option('--watch', 'go on until stopped, printing changes as they come')
  exchange.action((options: RunOptions) => run(runSync(ctx, options, stopSignal()), options.json))
}

function withOptions(command: Command): Command {
  return command
    .option('--folder <folder>', 'folder of the list', '.')
    .option('--server <url>', 'address of the server')
    .option('--json', 'print JSON')
    .addHelpText('after', `${help}${exitCodeHelp(['conflict', 'nothingStored'])}`)
}

function withPassphrase(command: Command): Command {
  return command.option('--passphrase-file <file>', 'read the passphrase of the key from a file')
}

/** Aborted by Ctrl-C and by the system: what is being written is finished first. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  return stop.signal
}
