import { Command } from 'commander'
import { register as registerAdmin } from './admin.ts'
import { register as registerCloud } from './cloud/register.ts'
import { register as registerConfig } from './config-check.ts'
import { register as registerFactors } from './factors/register.ts'
import { register as registerHealth } from './health.ts'
import { register as registerImport } from './import.ts'
import { register as registerRestore } from './keeping/restore.ts'
import { register as registerScrub } from './keeping/scrub.ts'
import { register as registerSnapshot } from './keeping/snapshot.ts'
import { register as registerLan } from './lan/register.ts'
import { localServer } from './local-server.ts'
import { register as registerOtp } from './otp/register.ts'
import { register as registerPersonas } from './personas/register.ts'
import { register as registerSetupCode } from './setup-code.ts'
import { register as registerStart } from './start.ts'
import { register as registerSync } from './sync/register.ts'
import { register as registerTls } from './tls.ts'
import { version } from './version.ts'

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

registerStart(program)
registerHealth(program)
registerConfig(program)
registerSetupCode(program)
registerAdmin(program)
registerTls(program)
registerLan(program, { localServer: () => localServer() })
registerImport(program)
registerSnapshot(program, { localServer: () => localServer() })
registerRestore(program, { localServer: () => localServer() })
registerScrub(program, { localServer: () => localServer() })
registerCloud(program, { localServer: () => localServer() })
registerFactors(program, { localServer: () => localServer() })
registerPersonas(program, { localServer: () => localServer() })
registerOtp(program, { localServer: () => localServer() })
registerSync(program, { localServer: () => localServer() })

await program.parseAsync()
