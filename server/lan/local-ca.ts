import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Config } from '#server/config/env.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import { readPair, setAside, writePair } from './certificate-file.ts'
import type { CertificateSource, Credentials } from './credentials.ts'
import type { Names, Pair } from './issue-certificates.ts'
import { isPermitted, readPermittedHosts } from './name-constraints.ts'
import { isPrivateAddress, ownAddresses } from './private-networks.ts'

const day = 24 * 60 * 60 * 1000
/** Early enough for a server that sleeps through the summer. */
const renewBefore = 90 * day
/** A CA is never replaced by itself: every device has to trust the next one, and a clock that is wrong may say so. */
const warnOfCaBefore = 365 * day

export type LocalCaOptions = {
  config: Pick<Config, 'dataFolder' | 'hostname' | 'publicUrl'>
  clock: Clock
  ids: Ids
  log: Log
  /** This machine's private addresses; tests own them. */
  addresses?: () => string[]
}

/**
 * This server's own CA and the certificate it signs for it, both kept in `<data>/tls`, made at first need. The certificate is
 * renewed when it comes to its end or the machine's names or addresses grow.
 */
export class LocalCa implements CertificateSource {
  readonly #options: LocalCaOptions
  #leftOut = ''
  #warned = false

  constructor(options: LocalCaOptions) {
    this.#options = options
  }

  async read(): Promise<Credentials> {
    const { config, clock } = this.#options
    const ca = await this.#ca()
    this.#warnOfEnd(ca)
    const kept = await readPair(config.dataFolder, 'server.pem').catch(() => null)
    const names = this.#names(ca)
    const reason = kept ? reasonToRenew(kept, ca, names, clock.now()) : 'there is none'
    if (kept && reason === null) return credentials(kept, ca)
    return this.#makeLeaf(ca, names, reason ?? '')
  }

  /** A new certificate from the same CA, whatever the old one is still good for. */
  async renew(): Promise<Credentials> {
    const ca = await this.#ca()
    return this.#makeLeaf(ca, this.#names(ca), 'asked for')
  }

  /** A new CA: every device has to trust it anew. */
  async replaceCa(): Promise<Credentials> {
    const { dataFolder } = this.#options.config
    const old = await readPair(dataFolder, 'ca.pem').catch(() => null)
    if (old) await setAside(dataFolder, 'ca.pem', old)
    await this.#makeCa()
    return this.renew()
  }

  async #ca(): Promise<Pair> {
    return (await readPair(this.#options.config.dataFolder, 'ca.pem')) ?? this.#makeCa()
  }

  #warnOfEnd(ca: Pair): void {
    const { clock, log } = this.#options
    const { validTo, validToDate } = new X509Certificate(ca.certificate)
    if (this.#warned || validToDate.getTime() > clock.now() + warnOfCaBefore) return
    this.#warned = true
    log.warn({ until: validTo }, 'the certificate authority comes to its end; see `hearthkeep tls renew --new-ca`')
  }

  async #makeCa(): Promise<Pair> {
    const { config, clock, ids, log } = this.#options
    const { issueCa } = await import('./issue-certificates.ts')
    const ca = await issueCa(hostsOf(config), { now: clock.now(), random: ids.random })
    await writePair(config.dataFolder, 'ca.pem', ca)
    log.info({ fingerprint: new X509Certificate(ca.certificate).fingerprint256 }, 'a certificate authority was made')
    return ca
  }

  async #makeLeaf(ca: Pair, names: Names, reason: string): Promise<Credentials> {
    const { config, clock, ids, log } = this.#options
    const { issueLeaf } = await import('./issue-certificates.ts')
    const leaf = await issueLeaf(ca, names, { now: clock.now(), random: ids.random })
    await writePair(config.dataFolder, 'server.pem', leaf)
    log.info({ reason, hosts: names.hosts, addresses: names.addresses }, 'a certificate was made')
    return credentials(leaf, ca)
  }

  /**
   * What the certificate should speak for. A name that the CA may not sign for is left out and said once: a new CA by
   * itself, e.g. after a machine was renamed by its router, would cut off every device in the house.
   */
  #names(ca: Pair): Names {
    const { config, log, addresses = ownAddresses } = this.#options
    const permitted = readPermittedHosts(new X509Certificate(ca.certificate).raw)
    const hosts = hostsOf(config)
    const leftOut = hosts.filter((host) => !isPermitted(permitted, host))
    if (leftOut.join() !== this.#leftOut && leftOut.length > 0)
      log.warn(
        { names: leftOut },
        'the certificate authority was made for other names; see `hearthkeep tls renew --new-ca`',
      )
    this.#leftOut = leftOut.join()
    const own = isIP(config.hostname) !== 0 && isPrivateAddress(config.hostname) ? [config.hostname] : []
    return {
      hosts: hosts.filter((host) => isPermitted(permitted, host)),
      addresses: [...new Set(['127.0.0.1', '::1', ...own, ...addresses()])],
    }
  }
}

/** This server's names, the one it goes by first. */
function hostsOf({ hostname, publicUrl }: LocalCaOptions['config']): string[] {
  const names = [hostname, 'localhost', ...(publicUrl ? [new URL(publicUrl).hostname] : [])]
  return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => isIP(name.replace(/[[\]]/g, '')) === 0)
}

/** In words for the log; null while the certificate is good. Addresses that went away are no reason. */
function reasonToRenew(kept: Pair, ca: Pair, names: Names, now: number): string | null {
  const leaf = new X509Certificate(kept.certificate)
  const authority = new X509Certificate(ca.certificate)
  if (!leaf.verify(authority.publicKey)) return 'it is another CA’s'
  if (now < leaf.validFromDate.getTime()) return 'it is not good yet; the clock went back'
  const end = leaf.validToDate.getTime()
  // The last one ends with its CA; another would not live longer.
  if (now > end - renewBefore && authority.validToDate.getTime() > end) return 'it comes to its end'
  const host = names.hosts.find((name) => !leaf.checkHost(name))
  if (host) return `it lacks the name ${host}`
  const address = names.addresses.find((own) => !leaf.checkIP(own))
  return address ? `it lacks the address ${address}` : null
}

function credentials(leaf: Pair, ca: Pair): Credentials {
  return {
    certificate: leaf.certificate,
    key: leaf.key,
    leaf: new X509Certificate(leaf.certificate),
    ca: new X509Certificate(ca.certificate),
  }
}
