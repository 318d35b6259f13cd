import { type Command, Option } from 'commander'
import { exportFormats } from '#client/surfaces/otp/write-otp-file.ts'
import { exitCodeHelp } from '#server/cli/terminal/exit-codes.ts'
import { type VerbDependencies, verbGroup, withServerOptions } from '#server/cli/terminal/verb-group.ts'
import { type AddOptions, addOtp } from './add-otp.ts'
import type { CommonOptions, StoreOptions } from './common-options.ts'
import { type ExportOptions, exportOtps } from './export-otps.ts'
import { importOtps } from './import-otps.ts'
import { listOtps } from './list-otps.ts'
import { type RemoveOptions, removeOtp } from './remove-otp.ts'
import { type CodeOptions, showCode } from './show-code.ts'

const pinHelp = `
The PIN comes from its file, else from HEARTHKEEP_OTP_PIN, else from a hidden prompt. With "-" for several files the
lines of standard input are taken in the order in which they would be asked for, the account password first.`

const importHelp = `
Understood are: otpauth:// and otpauth-migration:// URIs (the QR codes of sites and of Google Authenticator), one a
line; files of Aegis and 2FAS, encrypted ones too (their password is the backup password); exports of this program.
`

const exportHelp = `
"hearthkeep" loses nothing; the others leave out what they cannot say, and tell. An encrypted "aegis" file is opened by
Aegis, other encrypted ones by this program.
`

type Needs = 'account' | 'pin' | 'pin-and-backup'

/** Adds `otp add`, `list`, `code`, `import`, `export` and `rm`. */
export function register(program: Command, dependencies: VerbDependencies): void {
  const { command: otp, ctx, run } = verbGroup(program, 'otp', dependencies)
  otp.description('keep the secrets of one-time passwords (two-factor codes) on a Hearthkeep server')

  const add = withCommonOptions(otp.command('add'), 'pin')
    .description('store the secret of an account')
    .argument('[account]', 'what it is for, like GitHub:ada; an otpauth URI brings its own')
    .option('--secret-file <file>', 'read secret or otpauth URI from a file; - for standard input')
    .option('--register', 'make the account on the server if it does not exist')
  add.action((account: string | undefined, options: AddOptions) => run(addOtp(ctx, account, options), options.json))

  const list = withCommonOptions(otp.command('list'), 'account').description('print what is stored; needs no PIN')
  list.action((options: CommonOptions) => run(listOtps(ctx, options), options.json))

  const code = withCommonOptions(otp.command('code'), 'pin')
    .description('print the current code and for how long it is good; without an account, all')
    .argument('[account]', 'its label, a part of it, or its number')
    .option('--at <time>', 'as if it were then: seconds since 1970, or a date')
  code.action((account: string | undefined, options: CodeOptions) => run(showCode(ctx, account, options), options.json))

  const take = withCommonOptions(otp.command('import'), 'pin-and-backup', importHelp)
    .description('take over what another authenticator exported')
    .argument('<file-or-uri>', 'the file; - for standard input')
    .option('--register', 'make the account on the server if it does not exist')
  take.action((source: string, options: StoreOptions) => run(importOtps(ctx, source, options), options.json))

  const give = withCommonOptions(otp.command('export'), 'pin-and-backup', exportHelp)
    .description('write everything on a device into a file, encrypted with the backup password')
    .requiredOption('--out <file>', 'where to write it; - for standard output')
    .addOption(new Option('--format <name>', 'what to write').choices([...exportFormats]).default('hearthkeep'))
    .option('--plain', 'do not encrypt it')
    .option('--force', 'replace the file if it exists')
  give.action((options: ExportOptions) => run(exportOtps(ctx, options), options.json))

  const remove = withCommonOptions(otp.command('rm'), 'account')
    .description('remove one from the server')
    .argument('<account>', 'its whole label, or its number')
    .option('--yes', 'do not ask')
  remove.action((account: string, options: RemoveOptions) => run(removeOtp(ctx, account, options), options.json))
}

function withCommonOptions(command: Command, needs: Needs, help = ''): Command {
  command
    .requiredOption('--email <address>', 'e-mail address of the account')
    .option('--device <name>', 'which of the account’s devices, by name or number; needed when there are several')
  if (needs !== 'account') command.option('--pin-file <file>', 'read the PIN from a file; - for standard input')
  const serverHelp = withServerOptions(command, needs === 'pin-and-backup' ? 'both' : 'account')
  const codes = exitCodeHelp(needs === 'account' ? ['conflict', 'notOpened'] : [])
  return command.addHelpText('after', `${help}${needs === 'account' ? '' : pinHelp}${serverHelp}\n${codes}`)
}
