import type { Command } from 'commander'
import { type Lockout, liftLockoutsOf, listLockouts } from '#server/people/lockouts.ts'
import { normalName } from '#server/people/names.ts'
import { readAccountByName } from '#server/people/store.ts'
import { fail, print, withHouse } from './with-house.ts'

/** Adds `admin lockouts` and `admin lift`. */
export function registerLockouts(admin: Command): void {
  admin
    .command('lockouts')
    .description(
      'List who is locked out after too many wrong passwords or codes; works with and without a running server',
    )
    .option('--json', 'print one JSON object')
    .action(list)
  admin
    .command('lift')
    .description('Forgive all wrong passwords and codes of a person, so that they can sign in at once')
    .argument('<name>', 'e-mail address or user name')
    .action(lift)
}

function list({ json }: { json?: boolean }): Promise<void> {
  return withHouse(({ ctx, db }) => {
    const found = listLockouts(ctx, db.read)
    if (json) return print({ lockouts: found.map(asJson) })
    if (found.length === 0) return void process.stdout.write('Nobody is locked out.\n')
    for (const one of found) process.stdout.write(`${asLine(one)}\n`)
  })
}

function lift(name: string): Promise<void> {
  return withHouse(async ({ ctx, db }) => {
    const account = readAccountByName(db.read, normalName(name))
    if (!account) return fail(`Nobody here is called ${name.trim()}.`)
    const lifted = await liftLockoutsOf({ ...ctx, db }, account, null)
    process.stdout.write(lifted > 0 ? 'Lifted. They can sign in at once.\n' : 'They were not locked out.\n')
  })
}

function asLine({ what, account, address, wrong, until }: Lockout): string {
  const who = account?.name ?? (what === 'password' ? 'a name nobody has' : 'nobody in particular')
  const from = address === null ? 'every new place' : address
  return `${what.padEnd(10)}  ${who}  from ${from}  ${wrong} wrong  until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function asJson({ key: _, account, since, until, ...rest }: Lockout) {
  return {
    ...rest,
    name: account?.name ?? null,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
  }
}
