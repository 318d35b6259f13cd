import type { Command } from 'commander'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure } from '#server/cli/terminal/failure.ts'
import { type Outcome, type VerbDependencies, verbGroup } from '#server/cli/terminal/verb-group.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { readState } from '#server/keeping/keeping-state.ts'
import { scrub } from '#server/keeping/scrub.ts'
import { readUsage } from '#server/vault/store.ts'
import { openBeside } from './open-beside.ts'

type Json = { json?: boolean }

export function register(program: Command, dependencies: VerbDependencies): void {
  const { command, ctx, run } = verbGroup(program, 'scrub', dependencies)
  command.description('Read every kept object and hold it to its SHA-256')
  command
    .command('now')
    .description('Go on to the end of this round now; works with and without a running server')
    .option('--json', 'print one JSON object')
    .action((options: Json) => run(scrubNow(ctx.terminal.env), options.json))
  command
    .command('status')
    .description('Say how far the scrub is and what it has found')
    .option('--json', 'print one JSON object')
    .action((options: Json) => run(scrubStatus(ctx.terminal.env), options.json))
}

async function scrubNow(env: Record<string, string | undefined>): Promise<Outcome> {
  await using ctx = await openBeside(readServerConfig(env))
  const { objects, bytes, faults } = await scrub(ctx, { all: true })
  const text = `${objects} objects read (${bytes} bytes), ${faults} of them damaged`
  if (faults > 0) throw new CommandFailure(exitCodes.notOpened, 'objects-damaged', `${text}: see the audit log`)
  return { text, json: { objects, bytes, faults } }
}

async function scrubStatus(env: Record<string, string | undefined>): Promise<Outcome> {
  await using ctx = await openBeside(readServerConfig(env))
  const round = readState(ctx.db.read, 'scrub.round')?.details ?? null
  const usage = readUsage(ctx.db.read)
  const quarantined = usage.find(({ state }) => state === 'quarantined')?.objects ?? 0
  const all = usage.reduce((sum, { objects }) => sum + objects, 0)
  const last = round?.lastRound ?? null
  const lines = [
    `Every object within  ${ctx.settings.values.scrubDays} days`,
    `This round           ${round ? `${round.objects} of ${all} objects, ${round.faults} damaged, since ${date(round.roundStartedAt)}` : 'not begun'}`,
    `Last round           ${last ? `${last.objects} objects, ${last.faults} damaged, ended ${date(last.finishedAt)}` : 'none yet'}`,
    `In quarantine        ${quarantined}`,
  ]
  return { text: lines.join('\n'), json: { days: ctx.settings.values.scrubDays, objects: all, quarantined, round } }
}

function date(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 16)
}
