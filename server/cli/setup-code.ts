import { resolve } from 'node:path'
import type { Command } from 'commander'
import { defaultDataFolder } from '#server/config/data-folder.ts'
import { offerSetupCode, readKeptCode } from '#server/setup/setup-code.ts'
import { fail, print, withHouse } from './admin/with-house.ts'

export function register(program: Command): void {
  program
    .command('setup-code')
    .description(
      'Print the code for the page /setup, a new one where none is kept; works with and without a running server',
    )
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) => printSetupCode(json === true))
}

async function printSetupCode(asJson: boolean): Promise<void> {
  const dataFolder = resolve(defaultDataFolder(process.env))
  await withHouse(async ({ ctx, db }) => {
    const needs = { ...ctx, db, dataFolder }
    const code = readKeptCode(needs) ?? (await offerSetupCode(needs, false))?.code
    if (!code) return fail('This server is set up; there is no code any more.')
    if (asJson) return print({ code })
    process.stdout.write(`${code}\n`)
  })
}
