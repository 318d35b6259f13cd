import type { Command } from 'commander'
import { exitCodeHelp } from '#server/cli/terminal/exit-codes.ts'
import { type VerbDependencies, verbGroup, withServerOptions } from '#server/cli/terminal/verb-group.ts'
import type { CommonOptions } from './common-options.ts'
import { type GetOptions, getPersona } from './get-persona.ts'
import { listPersonas } from './list-personas.ts'
import { type PutOptions, putPersona } from './put-persona.ts'
import { type RemoveOptions, removePersona } from './remove-persona.ts'

const layoutHelp = `
A persona is a folder, or a zip of what is in it: persona.json, keyring/secrets.json, keyring/subkey(<id>).json and any
other files. Links are refused; .DS_Store, Thumbs.db and desktop.ini are left out.
`

const outHelp = `
A name that ends in .zip gets the zip as it was stored; any other name is a folder, made whole or not at all. With
--force, files of the same names in an existing folder are replaced and others stay.
`

/** Adds `personas put`, `get`, `list` and `rm`. */
export function register(program: Command, dependencies: VerbDependencies): void {
  const { command: personas, ctx, run } = verbGroup(program, 'personas', dependencies)
  personas.description('keep messenger personas, with their private keys, on a Hearthkeep server')

  const put = withCommonOptions(personas.command('put'), 'both', layoutHelp)
    .description('encrypt a persona and store it, over the one of this id')
    .argument('<id>', 'the persona’s id')
    .argument('<folder-or-zip>', 'the persona to store')
    .option('--register', 'make the account if it does not exist')
    .option('--seal', 'encrypt with the backup password (unless said otherwise)')
    .option('--no-seal', 'upload the plain zip: whoever runs the server can read the private keys')
  put.action((id: string, path: string, options: PutOptions) => run(putPersona(ctx, id, path, options), options.json))

  const get = withCommonOptions(personas.command('get'), 'both', outHelp)
    .description('fetch a persona and decrypt it')
    .argument('<id>', 'the persona’s id')
    .requiredOption('--out <folder-or-zip>', 'where to write it; - for the zip on standard output')
    .option('--force', 'replace files that exist')
  get.action((id: string, options: GetOptions) => run(getPersona(ctx, id, options), options.json))

  const list = withCommonOptions(personas.command('list'), 'account').description('print the ids of stored personas')
  list.action((options: CommonOptions) => run(listPersonas(ctx, options), options.json))

  const remove = withCommonOptions(personas.command('rm'), 'account')
    .description('remove a persona from the server')
    .argument('<id>', 'the persona’s id')
    .option('--yes', 'do not ask')
  remove.action((id: string, options: RemoveOptions) => run(removePersona(ctx, id, options), options.json))
}

function withCommonOptions(command: Command, passwords: 'account' | 'both', help = ''): Command {
  command.requiredOption('--email <address>', 'e-mail address of the account')
  const serverHelp = withServerOptions(command, passwords)
  const codes = exitCodeHelp(passwords === 'both' ? ['conflict'] : ['conflict', 'notOpened', 'nothingStored'])
  return command.addHelpText('after', `${help}${serverHelp}\n${codes}`)
}
