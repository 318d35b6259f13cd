import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure } from '#server/cli/terminal/failure.ts'
import { type Outcome, type VerbDependencies, verbGroup } from '#server/cli/terminal/verb-group.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { drillOpened } from '#server/keeping/drill-snapshot.ts'
import { findSnapshot } from '#server/keeping/find-snapshot.ts'
import type { KeepingNeeds } from '#server/keeping/needs.ts'
import { NoSnapshotTarget, runDrill, runSnapshot } from '#server/keeping/run-snapshots.ts'
import { snapshotTarget } from '#server/keeping/snapshot-target.ts'
import type { SnapshotTaken } from '#server/keeping/take-snapshot.ts'
import { SnapshotUnderWay } from '#server/keeping/work-folder.ts'
import {
  configFrom,
  type FromOptions,
  fromHelp,
  isKeyGiven,
  type KeyOptions,
  keyHelp,
  readKey,
  withKeyOptions,
} from './key-options.ts'
import { listAll } from './list-snapshots.ts'
import { openBeside } from './open-beside.ts'
import { type KitOptions, printKit } from './print-kit.ts'
import { describeStatus } from './snapshot-status.ts'

type Json = { json?: boolean }

/** Milliseconds that a snapshot under way is waited for. */
const mostPatience = 30 * 60_000

export function register(program: Command, dependencies: VerbDependencies): void {
  const { command, ctx, run } = verbGroup(program, 'snapshot', dependencies)
  const { terminal } = ctx
  command.description('Sealed copies of the whole server, to come back from on another machine')
  const json = (verb: Command) => verb.option('--json', 'print one JSON object')

  json(command.command('kit'))
    .description('Make the recovery key and print the kit, this once')
    .option('--replace', 'make a new key in place of the one there is')
    .option('--out <file>', 'write the kit to a new file instead')
    .action((options: Json & KitOptions) => run(printKit(readServerConfig(terminal.env), options), options.json))

  json(command.command('now'))
    .description('Make a snapshot now; works with and without a running server')
    .option('--adopt', 'the folder is a new one in the place of the one before')
    .action((options: Json & { adopt?: boolean }) =>
      run(snapshotNow(terminal.env, options.adopt === true), options.json),
    )

  json(command.command('status'))
    .description('Say how the last snapshot and the last restore drill went; exit code 1 unless both are well')
    .action(async (options: Json) => {
      const status = describeStatus(terminal.env)
      await run(status, options.json)
      if ((await status.catch(() => null))?.json.green === false) process.exitCode = exitCodes.unexpected
    })

  withKeyOptions(json(command.command('list')))
    .description('List the snapshots in the target, newest first')
    .option('--from <place>', 'where the snapshots are')
    .addHelpText('after', `\nWithout a key: those of the server on this machine.${keyHelp}${fromHelp}`)
    .action((options: Json & KeyOptions & FromOptions) =>
      run(listAll(terminal, options, isKeyGiven(options, terminal)), options.json),
    )

  withKeyOptions(json(command.command('drill')))
    .description('Open the newest snapshot in a scratch folder as a restore would, and check everything in it')
    .option('--from <place>', 'where the snapshots are')
    .option('--at <snapshot>', 'another one than the newest')
    .option('--sums', 'without the key: only compare every stored piece with its sum')
    .addHelpText('after', keyHelp + fromHelp)
    .action((options: Json & DrillOptions) =>
      run(
        options.sums ? drillSums(terminal.env) : drillWithKey(options, () => readKey(options, terminal), terminal.env),
        options.json,
      ),
    )
}

async function snapshotNow(env: Record<string, string | undefined>, adopt: boolean): Promise<Outcome> {
  await using ctx = await openBeside(readServerConfig(env))
  const taken = await snapshotInTurn(ctx, adopt)
  const { name, objects, copied, bytes, remarks } = taken
  const lines = [`Snapshot ${name}: ${objects} objects, ${copied} of them copied now (${bytes} bytes)`, ...remarks]
  return { text: lines.join('\n'), json: { ...taken } }
}

/** One that the server makes just now is waited for, as it may not hold what was saved a moment ago. */
async function snapshotInTurn(ctx: KeepingNeeds, adopt: boolean): Promise<SnapshotTaken> {
  const deadline = performance.now() + mostPatience
  for (;;) {
    try {
      return await runSnapshot(ctx, { adopt })
    } catch (error) {
      if (!(error instanceof SnapshotUnderWay) || performance.now() > deadline) throw error
      await sleep(500)
    }
  }
}

type DrillOptions = KeyOptions & FromOptions & { at?: string; sums?: boolean }

async function drillWithKey(
  options: DrillOptions,
  readTheKey: () => ReturnType<typeof readKey>,
  env: Record<string, string | undefined>,
): Promise<Outcome> {
  const { snapshots } = configFrom(env, options)
  if (!snapshots) throw new NoSnapshotTarget()
  const key = await readTheKey()
  const { generation, manifest } = await findSnapshot(snapshotTarget(snapshots), key, options.at)
  await using opened = generation
  const { pieces, faults } = await drillOpened(opened, manifest, key)
  if (faults.length > 0) throw redDrill(manifest.name, faults)
  return {
    text: `Green: all ${pieces} pieces of snapshot ${manifest.name} open, and the database and every object are whole.`,
    json: { snapshot: manifest.name, pieces },
  }
}

async function drillSums(env: Record<string, string | undefined>): Promise<Outcome> {
  await using ctx = await openBeside(readServerConfig(env))
  const faults = await runDrill(ctx)
  if (faults.length > 0) throw redDrill('the newest snapshot', faults)
  return { text: 'Green: every piece of the newest snapshot is what was written.', json: {} }
}

function redDrill(name: string, faults: string[]): CommandFailure {
  const words = [`Red: ${name} would not come back whole.`, ...faults.map((fault) => `  ${fault}`)]
  return new CommandFailure(exitCodes.notOpened, 'drill-red', words.join('\n'))
}
