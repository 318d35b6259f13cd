import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { type DescribedVariable, describeVariables } from '#server/config/describe-variables.ts'
import { ConfigError, readConfig } from '#server/config/env.ts'
import { changeVariables, forgetKept, type VariableChanges } from '#server/config/kept-variables.ts'
import { readServerKey } from '#server/config/secrets.ts'
import { isProblem } from '#server/kit/problem.ts'
import { withHouse } from './admin/with-house.ts'

type ShowOptions = { all?: boolean; json?: boolean }

/** Adds `config show`, `config set` and `config unset`, which work with and without a running server. */
export function registerSettings(config: Command): void {
  config
    .command('show')
    .description('List the settings of the server and where they come from; secrets are never printed')
    .argument('[name]', 'one of them, e.g. HEARTHKEEP_QUOTA_BYTES')
    .option('--all', 'also those that are as usual')
    .option('--json', 'print one JSON object')
    .action((name: string | undefined, options: ShowOptions) => inWords(() => show(name, options)))
  config
    .command('set')
    .description('Keep a setting in the database; a running server goes by it within seconds')
    .argument('<name>', 'e.g. HEARTHKEEP_QUOTA_BYTES')
    .argument('<value>', 'as the environment would have it; - reads it from standard input, for secrets')
    .action((name: string, value: string) => inWords(async () => change({ [name]: await readValue(value) })))
  config
    .command('unset')
    .description('Forget settings that are kept in the database, so that the usual ones hold')
    .argument('<names...>')
    .action((names: string[]) => inWords(() => unset(names)))
}

function show(name: string | undefined, { all, json }: ShowOptions): Promise<void> {
  return withHouse(({ config, settings }) => {
    const known = describeVariables({ config, settings })
    if (name !== undefined && !known.some((one) => one.name === name)) throw new Error(`There is no setting ${name}.`)
    const shown = known.filter((one) => (name === undefined ? all || one.isSet : one.name === name))
    if (json) return print(JSON.stringify({ settings: shown, unusable: config.unusable }))
    for (const one of shown) print(lineOf(one))
    if (shown.length === 0) print('Everything is as usual; --all lists it.')
    for (const unusable of config.unusable) print(`${unusable}  is kept, but cannot be used; it counts as not set`)
  })
}

function lineOf({ name, kind, value, isSet, source, default: usual, takesEffect }: DescribedVariable): string {
  const secret = isSet ? '(set)' : '(not set)'
  const shown = kind === 'secret' ? secret : (value ?? usual ?? '(none)')
  return `${name.padEnd(42)} ${shown}  [${source === 'default' ? 'usual' : source}${takesEffect === 'restart' ? ', holds after a restart' : ''}]`
}

function change(changes: VariableChanges): Promise<void> {
  return withHouse(async ({ ctx, config, db, settings }) => {
    const serverKey = readServerKey(config.dataFolder)
    if (!serverKey) throw new Error('The server has made no keys yet; start it once first.')
    await changeVariables({ ...ctx, config, db, settings, secrets: { serverKey } }, null, changes)
    const later = describeVariables({ config, settings }).filter(
      ({ name, takesEffect }) => name in changes && takesEffect === 'restart',
    )
    print(
      later.length > 0
        ? 'Kept. It holds after a restart of the server.'
        : 'Kept. A running server goes by it within seconds.',
    )
  })
}

/** What cannot be read must be removable all the same: it may be what keeps the server from starting. */
async function unset(names: string[]): Promise<void> {
  try {
    await change(Object.fromEntries(names.map((name) => [name, null])))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // Opened without the kept settings, which are what is wrong.
    await withHouse(({ ctx, db }) => forgetKept(ctx, db, names), readConfig)
    print('Forgotten.')
  }
}

async function readValue(given: string): Promise<string> {
  return given === '-' ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : given
}

async function inWords(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\n`)
    process.exitCode = 1
  }
}

function wordsOf(error: unknown): string {
  if (isProblem(error) && error.code === 'config.pinned')
    return `The environment gives ${error.facts.names}; change it there.`
  if (isProblem(error) && error.code === 'config.refused') return `Nothing was changed:\n${error.facts.faults}`
  return error instanceof Error ? error.message : String(error)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
