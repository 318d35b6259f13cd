import { Argument, type Command } from 'commander'
import type { Orm } from '#db/client.ts'
import { readHousehold } from '#server/household/read-household.ts'
import { isProblem, type ProblemCode } from '#server/kit/problem.ts'
import { changeQuota, changeRole } from '#server/people/change-rights.ts'
import { normalName } from '#server/people/names.ts'
import { disableAccount, enableAccount } from '#server/people/shut-account.ts'
import { type AccountRow, readAccountByName } from '#server/people/store.ts'
import { size } from './size.ts'
import { type AdminHouse, fail, print, withHouse } from './with-house.ts'

/** Adds `admin people`, `admin disable`, `admin enable`, `admin role` and `admin quota`. */
export function registerPeople(admin: Command): void {
  const name = ['<name>', 'e-mail address or user name'] as const
  admin
    .command('people')
    .description('List people with their role, space and last backup')
    .option('--json', 'print one JSON object')
    .action(list)
  admin
    .command('disable')
    .description('Shut a person out of everything at once; nothing of theirs is deleted')
    .argument(...name)
    .action((given: string) =>
      change(given, ({ ctx }, tx, { id }) => {
        disableAccount(ctx, tx, null, id)
        return 'Shut out. Nothing was deleted; “admin enable” lets them in again.'
      }),
    )
  admin
    .command('enable')
    .description('Let a person in again, and call off the deletion of their account')
    .argument(...name)
    .action((given: string) =>
      change(given, ({ ctx }, tx, { id }) =>
        enableAccount(ctx, tx, null, id) === null
          ? 'They are not shut out.'
          : 'They can sign in again; everything is as it was.',
      ),
    )
  admin
    .command('role')
    .description('Make a person an admin, who keeps this server, or a member')
    .argument(...name)
    .addArgument(new Argument('<role>', 'what they become').choices(['admin', 'member']))
    .action((given: string, role: AccountRow['role']) =>
      change(given, ({ ctx }, tx, { id }) => {
        changeRole(ctx, tx, null, { personId: id, role })
        return role === 'admin' ? 'They are an admin now.' : 'They are a member now.'
      }),
    )
  admin
    .command('quota')
    .description('Set how much a person may keep')
    .argument(...name)
    .argument('<size>', 'e.g. 500MB or 5GB, or “default”', (text) => (text === 'default' ? null : size(text)))
    .action((given: string, quotaBytes: number | null) =>
      change(given, ({ ctx }, tx, { id }) => {
        changeQuota(ctx, tx, null, { personId: id, quotaBytes })
        return 'Changed. It counts from the next upload on.'
      }),
    )
}

function list({ json }: { json?: boolean }): Promise<void> {
  return withHouse(({ ctx, db, settings }) => {
    const people = readHousehold({ ...ctx, db, settings })
    if (json) return print({ people: people.map(asJson) })
    if (people.length === 0) return void process.stdout.write('Nobody has an account yet.\n')
    for (const { name, role, door, space, newestAt } of people)
      process.stdout.write(
        `${name.padEnd(32)}  ${role.padEnd(6)}  ${door.padEnd(8)}  ${Math.ceil(space.used / 1024)} of ${Math.floor(space.quota / 1024)} KB  ${newestAt === null ? 'no backup yet' : `last backup ${timeOf(newestAt)}`}\n`,
      )
  })
}

function asJson(person: ReturnType<typeof readHousehold>[number]) {
  const { id, email, username, role, door, space, devices, newestAt, lastSeenAt, freshness } = person
  return {
    id,
    email,
    username,
    role,
    state: door,
    usedBytes: space.used,
    quotaBytes: space.quota,
    lastBackupAt: newestAt === null ? null : timeOf(newestAt),
    lastSeenAt: lastSeenAt === null ? null : timeOf(lastSeenAt),
    freshness,
    devices: devices.map((device) => ({
      name: device.name,
      savedAt: device.at === null ? null : timeOf(device.at),
      freshness: device.freshness,
    })),
  }
}

const refusals: Partial<Record<ProblemCode, string>> = {
  'account.last_admin': 'That is the only admin. Make somebody else an admin first.',
  not_found: 'Their account is being deleted; that cannot be stopped any more.',
}

/** @param work  @returns what to say once it is done */
function change(given: string, work: (house: AdminHouse, tx: Orm, person: AccountRow) => string): Promise<void> {
  return withHouse(async (house) => {
    const name = normalName(given)
    const person = readAccountByName(house.db.read, name)
    if (!person) return fail(`Nobody here is called ${name}.`)
    try {
      const said = await house.db.write((tx) => work(house, tx, person))
      process.stdout.write(`${said}\n`)
    } catch (error) {
      const refusal = isProblem(error) ? refusals[error.code] : undefined
      if (refusal === undefined) throw error
      fail(refusal)
    }
  })
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
