import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { issueCa, issueLeaf, type Names, type Pair } from './issue-certificates.ts'
import { isPermitted, readPermittedHosts } from './name-constraints.ts'
import { day, making } from './testing.ts'

const good: Names = { hosts: ['hearth.test', 'localhost'], addresses: ['127.0.0.1', '::1', '192.168.1.20', 'fd00::2'] }
/** Each with a name or address that the CA must not be able to speak for. */
const foreign: [what: string, names: Names][] = [
  ['a bank', { hosts: ['bank.example'], addresses: [] }],
  ['a bank beside our own name', { hosts: ['hearth.test', 'bank.example'], addresses: [] }],
  ['a name that only ends like ours', { hosts: ['nothearth.test'], addresses: [] }],
  ['another machine of the house', { hosts: ['printer.local'], addresses: [] }],
  ['a public address', { hosts: [], addresses: ['8.8.8.8'] }],
  ['a public IPv6 address', { hosts: [], addresses: ['2001:4860:4860::8888'] }],
  ['an address beside 172.16.0.0/12', { hosts: [], addresses: ['172.32.0.1'] }],
]

let ca: Pair
beforeAll(async () => {
  ca = await issueCa(good.hosts, making)
})

/** What a client that trusts the CA alone makes of this certificate; null when it is content. */
async function refusedBy(leaf: Pair, host: { servername?: string; ip?: string }): Promise<string | null> {
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, (socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise((resolve) => {
      const checked = {
        ...(host.servername ? { servername: host.servername } : { checkServerIdentity: () => undefined }),
      }
      const socket = connect({ host: '127.0.0.1', port, ca: ca.certificate, ...checked }, () => {
        socket.destroy()
        resolve(null)
      })
      socket.on('error', (error) => resolve(error.message))
    })
  } finally {
    server.close()
  }
}

describe('Node as the client', () => {
  test('accepts our own names', async () => {
    const leaf = await issueLeaf(ca, good, making)
    for (const servername of good.hosts) expect(await refusedBy(leaf, { servername })).toBeNull()
  })

  test.each(foreign)('refuses %s signed by the same CA', async (_, names) => {
    const leaf = await issueLeaf(ca, names, making)
    expect(await refusedBy(leaf, {})).toBe('permitted subtree violation')
  })
})

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? '' : ' (skipped: there is no openssl program here)'

describe.skipIf(noOpenssl)(`openssl as the judge${noOpenssl}`, () => {
  function verify(leaf: Pair, ...args: string[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-openssl-'))
    try {
      writeFileSync(join(folder, 'ca.pem'), ca.certificate)
      writeFileSync(join(folder, 'leaf.pem'), leaf.certificate)
      const strictly = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'ca.pem', ...args, 'leaf.pem']
      const { stdout, stderr } = spawnSync('openssl', strictly, { cwd: folder, encoding: 'utf8' })
      return stdout + stderr
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  test('finds chain, names and addresses right, to the letter of X.509', async () => {
    const leaf = await issueLeaf(ca, good, making)
    for (const name of good.hosts) expect(verify(leaf, '-verify_hostname', name)).toBe('leaf.pem: OK\n')
    for (const address of good.addresses) expect(verify(leaf, '-verify_ip', address)).toBe('leaf.pem: OK\n')
    expect(verify(leaf, '-verify_hostname', 'other.test')).toContain('hostname mismatch')
  })

  test.each(foreign)('refuses %s signed by the same CA', async (_, names) => {
    expect(verify(await issueLeaf(ca, names, making))).toContain('permitted subtree violation')
  })

  test('reads the constraints as they are meant', () => {
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: ca.certificate, encoding: 'utf8' })
    expect(text).toContain('X509v3 Name Constraints: critical')
    for (const line of ['DNS:hearth.test', 'IP:172.16.0.0/255.240.0.0', 'IP:100.64.0.0/255.192.0.0'])
      expect(text).toContain(line)
    expect(text).toMatch(/IP:FC00:0:0:0:0:0:0:0\/FE00:0:0:0:0:0:0:0/i)
  })
})

test('a certificate lives 397 days at most, is good already, and is for servers only', async () => {
  const leaf = new X509Certificate((await issueLeaf(ca, good, making)).certificate)
  const lives = leaf.validToDate.getTime() - leaf.validFromDate.getTime()
  expect(lives).toBeLessThanOrEqual(397 * day)
  expect(leaf.validFromDate.getTime()).toBeLessThan(making.now)
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(leaf.ca).toBe(false)
  expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
})

test('a certificate never outlives its CA', async () => {
  const late = { ...making, now: making.now + 3600 * day }
  const leaf = new X509Certificate((await issueLeaf(ca, good, late)).certificate)
  expect(leaf.validTo).toBe(new X509Certificate(ca.certificate).validTo)
})

test('two CAs of one name can be told apart', async () => {
  const other = await issueCa(good.hosts, making)
  expect(new X509Certificate(other.certificate).subject).not.toBe(new X509Certificate(ca.certificate).subject)
})

test('what a CA may sign for is read back from it', () => {
  const permitted = readPermittedHosts(new X509Certificate(ca.certificate).raw)
  expect(permitted).toEqual(good.hosts)
  expect(isPermitted(permitted, 'below.hearth.test')).toBe(true)
  expect(isPermitted(permitted, 'nothearth.test')).toBe(false)
})
