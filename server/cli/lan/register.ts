import type { Command } from 'commander'
import { exitCodeHelp } from '#server/cli/terminal/exit-codes.ts'
import { type VerbDependencies, verbGroup } from '#server/cli/terminal/verb-group.ts'
import { type DiscoverOptions, discover, wholeSeconds } from './discover.ts'
import { makeCode } from './make-code.ts'
import { type PairOptions, pairWith } from './pair-with.ts'

const pairHelp = `

Without --with, on the server’s own machine: makes a code and shows it as QR code, link and twelve characters.
With --with, on another machine: comes to trust the server that gave it out, for all later verbs. A link knows
where its server is; the twelve characters are tried on --server, else on every server found in the house.
`

/** Adds `pair` and `discover`. */
export function register(program: Command, dependencies: VerbDependencies): void {
  const pair = verbGroup(program, 'pair', dependencies)
  pair.command
    .description('let a device trust this server by a one-time code, or make this device trust one')
    .option('--with <code>', 'the link or the code that the server gave out')
    .option('--server <url>', 'where to use the twelve characters; http:// will do')
    .option('--invite', 'let the code invite a new person as well')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `${pairHelp}${exitCodeHelp(['notOpened', 'conflict', 'nothingStored'])}`)
    .action((options: PairOptions) => {
      const work =
        options.with === undefined ? makeCode(options) : pairWith(pair.ctx, { ...options, with: options.with })
      return pair.run(work, options.json)
    })

  const found = verbGroup(program, 'discover', dependencies)
  found.command
    .description('list the servers in the house, with the fingerprint each shows')
    .option('--seconds <n>', 'how long to listen', wholeSeconds, 2)
    .option('--json', 'print one JSON object')
    .addHelpText('after', exitCodeHelp(['notOpened', 'conflict', 'signInRefused']))
    .action((options: DiscoverOptions) => found.run(discover(found.ctx, options), options.json))
}
