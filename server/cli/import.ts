import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { DatabaseTooNew } from '#db/migration-state.ts'
import { ConfigError } from '#server/config/env.ts'
import { DataFolderInUse } from '#server/config/lock-data-folder.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import type { Context } from '#server/context.ts'
import { createLog } from '#server/kit/log.ts'
import { openHouse } from '#server/open-house.ts'
import { importOriginal as importOtps, type ImportSummary as OtpSummary } from '#server/surfaces/otp/import-original.ts'
import { NotAnOriginal, openOriginal } from '#server/surfaces/otp/import-source.ts'
import { originalFolder } from '#server/surfaces/personas/import-folder.ts'
import { type ImportSummary, importOriginal } from '#server/surfaces/personas/import-original.ts'
import type { OriginalSource } from '#server/surfaces/personas/import-source.ts'
import { migrationsFolder } from './migrations-folder.ts'
import { version } from './version.ts'

export function register(program: Command): void {
  const command = program
    .command('import')
    .description('Take data over from another service; the server must be stopped')
  command
    .command('key-backup-service')
    .description(
      'Accounts and personas of the original Key Backup Service. Can be run again; what is here already stays as it is. Exit code 1 if something could not be taken over',
    )
    .argument(
      '<source>',
      'its folder, or s3://bucket/prefix (with HEARTHKEEP_S3_ENDPOINT, _REGION, _ACCESS_KEY_ID, _SECRET_ACCESS_KEY)',
    )
    .option('--json', 'print one JSON object')
    .action((given: string, options: { json?: boolean }) =>
      run({ open: () => openSource(given), take: importOriginal, inWords, asJson: options.json === true }),
    )
  command
    .command('otp-backup')
    .description(
      'Accounts, devices and OTPs of the original otp-backup; passwords and PINs stay as they are. Can be run again; what is here already stays as it is. Exit code 1 if something could not be taken over',
    )
    .argument('<database>', 'its SQLite file, e.g. db/production.sqlite3')
    .option('--json', 'print one JSON object')
    .action((path: string, options: { json?: boolean }) =>
      run({ open: () => openOriginal(path), take: importOtps, inWords: otpsInWords, asJson: options.json === true }),
    )
}

type Problems = { problems: Array<{ key: string; reason: string }> }

type Import<Source extends Disposable, Summary extends Problems> = {
  open(): Source | Promise<Source>
  take(ctx: Context, source: Source): Promise<Summary>
  inWords(summary: Summary): string
  asJson: boolean
}

async function run<Source extends Disposable, Summary extends Problems>({
  open,
  take,
  inWords,
  asJson,
}: Import<Source, Summary>): Promise<void> {
  try {
    using source = await open()
    await using house = await openHouse({
      config: readServerConfig(process.env),
      log: createLog('silent'),
      version,
      migrationsFolder,
    })
    const summary = await take(house.ctx, source)
    process.stdout.write(asJson ? `${JSON.stringify(summary)}\n` : inWords(summary))
    if (summary.problems.length > 0) process.exitCode = 1
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`)
    process.exitCode = 1
  }
}

class NoSource extends Error {}

async function openSource(given: string): Promise<OriginalSource> {
  if (given.startsWith('s3:')) {
    const { originalBucket, parseS3Url } = await import('#server/surfaces/personas/import-s3.ts')
    const where = parseS3Url(given)
    if (!where) throw new NoSource(`This is not an S3 address: ${given} (s3://bucket/prefix)`)
    return originalBucket(where, process.env)
  }
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) throw new NoSource(`There is no folder ${given}`)
  return originalFolder(given)
}

function inWords({ accounts, personas, problems }: ImportSummary): string {
  return linesOf([
    `Accounts: ${accounts.imported} imported, ${accounts.present} here already`,
    `Personas: ${personas.imported} imported, ${personas.present} here already`,
    ...withoutPassword(accounts),
    ...notTaken(problems),
  ])
}

function otpsInWords({ accounts, devices, otps, problems }: OtpSummary): string {
  return linesOf([
    `Accounts: ${accounts.imported} imported, ${accounts.present} here already`,
    `Devices: ${devices.imported} imported, ${devices.present} here already`,
    `OTPs: ${otps.imported} imported`,
    ...withoutPassword(accounts),
    ...notTaken(problems),
  ])
}

function linesOf(lines: string[]): string {
  return `${lines.join('\n')}\n`
}

function withoutPassword(accounts: { withoutPassword: number }): string[] {
  return accounts.withoutPassword > 0
    ? [
        `${accounts.withoutPassword} of the accounts came without a usable password; make their owners a link with: hearthkeep admin reset-link <e-mail>`,
      ]
    : []
}

function notTaken(problems: Problems['problems']): string[] {
  if (problems.length === 0) return []
  return [
    `Not taken over: ${problems.length}`,
    ...problems.map(({ key, reason }) => `  ${JSON.stringify(key)}: ${reason}`),
  ]
}

function reasonOf(error: unknown): string {
  if (error instanceof DataFolderInUse)
    return `${error.message}\nStop it for the import, and start it again afterwards.`
  if (
    error instanceof NoSource ||
    error instanceof NotAnOriginal ||
    error instanceof ConfigError ||
    error instanceof DatabaseTooNew
  )
    return error.message
  const { name, message } = error as Error
  return `The import failed (${name}: ${message})`
}
