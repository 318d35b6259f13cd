import { X509Certificate } from 'node:crypto'
import type { Command } from 'commander'
import type { Config } from '#server/config/env.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import { createLog } from '#server/kit/log.ts'
import { readPair } from '#server/lan/certificate-file.ts'
import { type CertificateFacts, describeTls } from '#server/lan/describe-tls.ts'
import { LocalCa } from '#server/lan/local-ca.ts'

export function register(program: Command): void {
  const tls = program.command('tls').description('The certificates of this server, on its own machine')
  tls
    .command('status')
    .description('Say what certificates there are, with the fingerprint that devices should show')
    .option('--json', 'print one JSON object')
    .action((options: { json?: boolean }) => inWords(() => printStatus(options.json === true)))
  tls
    .command('renew')
    .description('Make a new certificate now; a running server uses it within seconds')
    .option('--new-ca', 'also make a new certificate authority, e.g. for a new name: every device has to trust it anew')
    .action((options: { newCa?: boolean }) => inWords(() => renew(options.newCa === true)))
  tls
    .command('export-ca')
    .description('Print the certificate authority as PEM, for devices to trust; never its key')
    .action(() => inWords(exportCa))
}

async function printStatus(asJson: boolean): Promise<void> {
  const facts = await describeTls(readServerConfig(process.env))
  if (asJson) return print(JSON.stringify(facts))
  print(`Mode          ${facts.mode}`)
  if (facts.ca) printCertificate('Authority', facts.ca)
  if (facts.server) printCertificate('Certificate', facts.server)
  if (facts.mode === 'local-ca' && !facts.server)
    print('There is no certificate yet; the server makes one once it is set up.')
}

function printCertificate(label: string, facts: CertificateFacts): void {
  print(`${label.padEnd(13)} ${facts.subject}`)
  print(`  SHA-256     ${facts.fingerprint}`)
  print(`  Good until  ${facts.until.slice(0, 10)}`)
  if (facts.names) print(`  For         ${facts.names.join(' ')}`)
}

async function renew(newCa: boolean): Promise<void> {
  const config = ownCaConfig()
  const clock = systemClock
  const ca = new LocalCa({ config, clock, ids: systemIds(clock), log: createLog('silent') })
  await (newCa ? ca.replaceCa() : ca.renew())
  await printStatus(false)
  if (newCa) print('\nEvery device has to trust the new authority: open /connect on it.')
}

async function exportCa(): Promise<void> {
  const ca = await readPair(ownCaConfig().dataFolder, 'ca.pem')
  if (!ca) throw new Error('There is no certificate authority yet; the server makes one once it is set up.')
  process.stdout.write(new X509Certificate(ca.certificate).toString())
}

/** @throws where certificates come from elsewhere */
function ownCaConfig(): Config {
  const config = readServerConfig(process.env)
  if (config.tls !== 'local-ca')
    throw new Error(`HEARTHKEEP_TLS is ${config.tls}: this server has no certificate authority of its own.`)
  return config
}

async function inWords(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
