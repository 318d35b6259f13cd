import type { Command } from 'commander'
import { type Config, ConfigError, readConfig } from '#server/config/env.ts'

export function register(program: Command): void {
  const config = program.command('config').description('Look at the configuration')
  config
    .command('check')
    .description(
      'Say what the environment variables amount to, or what is wrong with them; exit code 2 if something is',
    )
    .option('--json', 'print one JSON object')
    .action((options: { json?: boolean }) => check(process.env, options.json === true))
}

function check(env: Record<string, string | undefined>, asJson: boolean): void {
  try {
    const config = readConfig(env)
    const shown = withoutSecrets(config)
    if (asJson) print(JSON.stringify({ ok: true, config: shown }))
    else {
      for (const [name, value] of Object.entries(shown)) print(`${name.padEnd(16)} ${showValue(value)}`)
      for (const name of config.unknown) print(`unknown variable ${name} (a typing error?)`)
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (asJson) print(JSON.stringify({ ok: false, faults: error.faults }))
    else process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}

function withoutSecrets(config: Config): Record<string, unknown> {
  const blobs =
    config.blobs.kind === 's3' ? { kind: 's3', s3: { ...config.blobs.s3, secretAccessKey: '[hidden]' } } : config.blobs
  return {
    ...config,
    blobs,
    admin: config.admin ? { email: config.admin.email, password: '[hidden]' } : null,
    mail: config.mail
      ? { from: config.mail.from, smtpUrl: config.mail.smtpUrl.replace(/\/\/.*@/, '//[hidden]@') }
      : null,
    metricsToken: config.metricsToken ? '[hidden]' : null,
  }
}

function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
