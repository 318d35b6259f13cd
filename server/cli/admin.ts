import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { renderUnicodeCompact } from 'uqr'
import { openDatabase } from '#db/client.ts'
import { readConfig } from '#server/config/env.ts'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { databasePath } from '#server/open-house.ts'
import { issueResetCode, resetLink, resetMinutes } from '#server/people/reset-codes.ts'
import { readAccountByEmail, readAccountByUsername } from '#server/people/store.ts'
import { localServer, localServerForHouse } from './local-server.ts'
import { migrationsFolder } from './migrations-folder.ts'

export function register(program: Command): void {
  const admin = program.command('admin').description('For the keeper of this server, on its own machine')
  admin
    .command('reset-link')
    .description('Make a one-time link by which a person sets a new password; works with and without a running server')
    .argument('<name>', 'e-mail address or user name')
    .option('--json', 'print one JSON object')
    .action((name: string, options: { json?: boolean }) => printResetLink(name, options.json === true))
}

async function printResetLink(name: string, asJson: boolean): Promise<void> {
  const config = readConfig(process.env)
  const path = databasePath(config.dataFolder)
  if (!existsSync(path)) return fail(`There is no server in ${config.dataFolder} yet; set HEARTHKEEP_DATA_DIR.`)

  const clock = systemClock
  const ctx = { clock, ids: systemIds(clock) }
  const db = openDatabase({ path, migrationsFolder })
  try {
    const known = name.trim().toLowerCase()
    const account = readAccountByEmail(db.read, known) ?? readAccountByUsername(db.read, known)
    if (!account) return fail(`Nobody here is called ${known}.`)
    const code = await db.write((tx) => {
      recordEvent(ctx, tx, { event: 'reset.link_issued', accountId: account.id })
      return issueResetCode(ctx, tx, account.id)
    })
    const base = config.publicUrl ?? localServerForHouse() ?? localServer() ?? `http://127.0.0.1:${config.httpPort}`
    const link = resetLink(base, known, code)
    if (asJson) process.stdout.write(`${JSON.stringify({ link, expiresInMinutes: resetMinutes })}\n`)
    else process.stdout.write(`${renderUnicodeCompact(link)}\n\n${link}\n\nGood for ${resetMinutes} minutes, once.\n`)
  } finally {
    db.close()
  }
}

function fail(words: string): void {
  process.stderr.write(`${words}\n`)
  process.exitCode = 1
}
