import { type Command, InvalidArgumentError, Option } from 'commander'
import { renderUnicodeCompact } from 'uqr'
import { isProblem } from '#server/kit/problem.ts'
import {
  invitationLink,
  type ListedInvitation,
  listInvitations,
  makeInvitation,
  revokeInvitation,
} from '#server/people/invitations.ts'
import { registrationPolicy } from '#server/people/registration.ts'
import { size } from './size.ts'
import { fail, print, withHouse } from './with-house.ts'

type InviteOptions = { uses: number; days: number; role: 'admin' | 'member'; quota?: number; json?: boolean }

/** Adds `admin invite`, `admin invitations` and `admin revoke-invitation`. */
export function registerInvitations(admin: Command): void {
  admin
    .command('invite')
    .description('Make an invitation by which people join; works with and without a running server')
    .option('--uses <n>', 'how many people may join with it', whole(1, 1_000), 1)
    .option('--days <n>', 'how long it is good', whole(1, 365), 7)
    .addOption(new Option('--role <role>', 'what they become').choices(['member', 'admin']).default('member'))
    .option('--quota <size>', 'what each of them may keep, e.g. 500MB or 5GB', size)
    .option('--json', 'print one JSON object')
    .action(invite)
  admin
    .command('invitations')
    .description('List invitations, the latest first')
    .option('--json', 'print one JSON object')
    .action(list)
  admin
    .command('revoke-invitation')
    .description('Let nobody else in by an invitation; whoever joined stays')
    .argument('<id>', 'as `admin invitations` lists it')
    .action(revoke)
}

function invite({ uses, days, role, quota, json }: InviteOptions): Promise<void> {
  return withHouse(async ({ ctx, db, settings, base }) => {
    if (registrationPolicy(settings) === 'closed')
      return fail(
        'Nobody can join this server: registration is closed (HEARTHKEEP_REGISTRATION). Set it to “invite” first.',
      )
    const made = await db.write((tx) =>
      makeInvitation(ctx, tx, { role, quotaBytes: quota ?? null, uses, days, madeBy: null }),
    )
    const link = invitationLink(base, made.code)
    const expiresAt = new Date(made.expiresAt).toISOString()
    if (json) return print({ id: made.id, code: made.code, link, role, uses, quotaBytes: quota ?? null, expiresAt })
    const people = uses === 1 ? 'one person' : `${uses} people`
    process.stdout.write(
      `${renderUnicodeCompact(link)}\n\n${link}\n\nOr type ${made.code} at ${base}/join.\nGood for ${people} until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC${role === 'admin' ? '; makes them ADMIN' : ''}. It is shown this once.\n`,
    )
  })
}

function list({ json }: { json?: boolean }): Promise<void> {
  return withHouse(({ ctx, db }) => {
    const found = listInvitations(ctx, db.read)
    if (json) return print({ invitations: found.map(asJson) })
    if (found.length === 0) return void process.stdout.write('There are no invitations. “admin invite” makes one.\n')
    for (const { id, state, used, uses, role, expiresAt } of found)
      process.stdout.write(
        `${id}  ${state.padEnd(7)}  ${used} of ${uses} used  ${role.padEnd(6)}  until ${new Date(expiresAt).toISOString().slice(0, 10)}\n`,
      )
  })
}

function revoke(id: string): Promise<void> {
  return withHouse(async ({ ctx, db }) => {
    try {
      await db.write((tx) => revokeInvitation(ctx, tx, id, null))
      process.stdout.write('Revoked. Nobody can join with it any more.\n')
    } catch (error) {
      if (!isProblem(error)) throw error
      fail(`There is no invitation ${id} that could be revoked; “admin invitations” lists them.`)
    }
  })
}

function asJson(one: ListedInvitation) {
  const { createdAt, expiresAt, revokedAt, ...rest } = one
  return {
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
  }
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`)
  }
}
