import type { Command } from 'commander'
import { type SelfTestResult, selfTest } from '#server/blobs/self-test.ts'
import { type Config, ConfigError } from '#server/config/env.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { openStore } from '#server/keeping/open-stores.ts'
import { registerSettings } from './config-settings.ts'

type Options = { json?: boolean; store?: boolean }

export function register(program: Command): void {
  const config = program.command('config').description('Look at the configuration, and change it')
  registerSettings(config)
  config
    .command('check')
    .description(
      'Say what the environment and the kept settings amount to, or what is wrong with them; exit code 2 if something is',
    )
    .option('--store', 'also try the store: put, get, range, multipart, list, delete')
    .option('--json', 'print one JSON object')
    .action((options: Options) => check(process.env, options))
}

async function check(env: Record<string, string | undefined>, options: Options): Promise<void> {
  try {
    const config = readServerConfig(env)
    const tried = options.store ? await tryStore(config) : null
    if (tried?.some((step) => !step.ok)) process.exitCode = 2
    const shown = withoutSecrets(config)
    if (options.json) return print(JSON.stringify({ ok: !process.exitCode, config: shown, store: tried ?? undefined }))
    for (const [name, value] of Object.entries(shown)) print(`${name.padEnd(16)} ${showValue(value)}`)
    for (const name of config.unknown) print(`unknown variable ${name} (a typing error?)`)
    for (const name of config.unusable) print(`${name} is kept in the database, but cannot be used`)
    for (const step of tried ?? []) print(storeLine(step))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (options.json) print(JSON.stringify({ ok: false, faults: error.faults }))
    else process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}

async function tryStore(config: Config): Promise<SelfTestResult[]> {
  const store = await openStore(config)
  try {
    return await selfTest(store)
  } finally {
    await store.close()
  }
}

function storeLine({ step, ok, milliseconds, message }: SelfTestResult): string {
  return `${ok ? '✓' : '✗'} ${step.padEnd(16)} ${Math.round(milliseconds)} ms${message ? `  ${message}` : ''}`
}

function withoutSecrets(config: Config): Record<string, unknown> {
  const blobs =
    config.blobs.kind === 's3' ? { kind: 's3', s3: { ...config.blobs.s3, secretAccessKey: '[hidden]' } } : config.blobs
  const { sources: _, ...rest } = config
  return {
    ...rest,
    blobs,
    snapshots:
      config.snapshots?.kind === 's3'
        ? { kind: 's3', s3: { ...config.snapshots.s3, secretAccessKey: '[hidden]' } }
        : config.snapshots,
    attestation: { ...config.attestation, tokens: config.attestation.tokens.map(() => '[hidden]') },
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
