import { Command } from 'commander'
import { localServer } from './local-server.ts'
import type { VerbDependencies } from './terminal/verb-group.ts'
import { version } from './version.ts'

type Verb = { register(program: Command, dependencies: VerbDependencies): void }

/** Each first word is loaded with what belongs to it alone: most of the server is of no use to `hearthkeep otp code`. */
const verbs: Array<{ words: string[]; load(): Promise<Verb> }> = [
  { words: ['start'], load: () => import('./start.ts') },
  { words: ['health'], load: () => import('./health.ts') },
  { words: ['config'], load: () => import('./config-check.ts') },
  { words: ['setup-code'], load: () => import('./setup-code.ts') },
  { words: ['admin'], load: () => import('./admin.ts') },
  { words: ['tls'], load: () => import('./tls.ts') },
  { words: ['pair', 'discover'], load: () => import('./lan/register.ts') },
  { words: ['import'], load: () => import('./import.ts') },
  { words: ['snapshot'], load: () => import('./keeping/snapshot.ts') },
  { words: ['restore'], load: () => import('./keeping/restore.ts') },
  { words: ['scrub'], load: () => import('./keeping/scrub.ts') },
  { words: ['cloud'], load: () => import('./cloud/register.ts') },
  { words: ['factors'], load: () => import('./factors/register.ts') },
  { words: ['personas'], load: () => import('./personas/register.ts') },
  { words: ['otp'], load: () => import('./otp/register.ts') },
  { words: ['sync'], load: () => import('./sync/register.ts') },
]

const program = new Command('hearthkeep')
  .description('A home server that keeps the encrypted backups of a family’s apps.')
  .version(version, '--version')
  .showHelpAfterError()

program
  .command('version')
  .description('Print the version')
  .option('--json', 'print one JSON object')
  .action((options: { json?: boolean }) => {
    process.stdout.write(options.json ? `${JSON.stringify({ version })}\n` : `${version}\n`)
  })

const [, , first = ''] = process.argv
const wanted = verbs.filter(({ words }) => words.includes(first))
// Help, and a word that does not exist, name them all.
const needed = wanted.length > 0 || first === 'version' ? wanted : verbs
for (const { register } of await Promise.all(needed.map(({ load }) => load())))
  register(program, { localServer: () => localServer() })

await program.parseAsync()
