import { spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import type { TestServer } from './server.ts'
import { caOf, hostname } from './tls.ts'

/** How this machine can make Chromium trust a server: its certificate store, or an exception for one key. */
export const trustedBy = spawnSync('certutil', ['--help']).error ? 'key' : 'store'

/**
 * A Chromium of its own, for which the server's name leads to 127.0.0.2.
 *
 * @param trusted  whether it trusts the server: with `certutil` by the CA in its NSS store, else by the leaf's key
 */
export async function openBrowser(server: TestServer, trusted: boolean): Promise<Browser & AsyncDisposable> {
  const home = mkdtempSync(join(tmpdir(), 'hearthkeep-browser-'))
  const byKey = trusted && trustedBy === 'key'
  if (trusted && trustedBy === 'store') storeCa(home, caOf(server))
  const browser = await chromium.launch({
    ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
    env: { ...process.env, HOME: home } as Record<string, string>,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${hostname} 127.0.0.2`,
      ...(byKey ? [`--ignore-certificate-errors-spki-list=${keyHash(server)}`] : []),
    ],
  })
  return Object.assign(browser, {
    async [Symbol.asyncDispose]() {
      await browser.close()
      rmSync(home, { recursive: true, force: true })
    },
  })
}

/** Put a CA into the store of Chromium's for whose `HOME` this is, as a person does on their device. */
export function storeCa(home: string, ca: string): void {
  const store = join(home, '.pki', 'nssdb')
  mkdirSync(store, { recursive: true })
  const file = join(home, 'ca.pem')
  writeFileSync(file, ca)
  for (const args of [
    ['-N', '--empty-password'],
    ['-A', '-t', 'C,,', '-n', 'hearthkeep', '-i', file],
  ]) {
    const { status, stderr } = spawnSync('certutil', ['-d', `sql:${store}`, ...args], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`certutil: ${stderr}`)
  }
}

/** Base64 of the SHA-256 of the certificate's public key. */
export function keyHash(server: TestServer): string {
  const leaf = new X509Certificate(readFileSync(join(server.dataFolder, 'tls', 'server.pem')))
  return createHash('sha256')
    .update(leaf.publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64')
}
