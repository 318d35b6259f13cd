import type { Database } from '#db/client.ts'
import type { SwitchingStore } from '#server/blobs/switching-store.ts'
import type { Config } from '#server/config/env.ts'
import type { Secrets } from '#server/config/secrets.ts'
import type { Settings } from '#server/config/settings.ts'
import { JwksCache } from '#server/http/jwks.ts'
import { Metrics } from '#server/http/metrics.ts'
import { RateLimiter } from '#server/http/rate-limit.ts'
import { KeepingDesk } from '#server/keeping/keeping-desk.ts'
import { showKeeping } from '#server/keeping/keeping-metrics.ts'
import { seenStore } from '#server/keeping/seen-time.ts'
import { Arrivals } from '#server/kit/arrivals.ts'
import { BackgroundWork } from '#server/kit/background-work.ts'
import type { Clock, MachineClock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { KeyedQueue } from '#server/kit/keyed-queue.ts'
import type { Log } from '#server/kit/log.ts'
import { RecentLines } from '#server/kit/recent-lines.ts'
import { SettledTime } from '#server/kit/settled-time.ts'
import type { CertificateKeeper } from '#server/lan/certificate-keeper.ts'
import type { Discovery } from '#server/lan/discovery/discovery.ts'
import { Outbox } from '#server/notices/outbox.ts'
import { VerifiedTokens } from '#server/people/access-token.ts'
import { guessStore } from '#server/people/guess-store.ts'
import { Guesses } from '#server/people/guesses.ts'
import { Passwords } from '#server/people/passwords.ts'
import { RememberedPasswords } from '#server/people/remembered-passwords.ts'
import { SetupDesk } from '#server/setup/setup-desk.ts'
import { countBackups } from '#server/surfaces/factors/store.ts'
import { readUsage } from '#server/vault/store.ts'
import { Turns } from '#server/vault/turns.ts'
import { Vault } from '#server/vault/vault.ts'
import type { ChallengeTokens } from '#server/webauthn/challenge-tokens.ts'

/** Everything a use case may need, made once in `main.ts` and handed down (design §2). */
export type Context = {
  config: Config
  secrets: Secrets
  settings: Settings
  clock: Clock
  /** The time by which things are old enough to be deleted. */
  settled: SettledTime
  ids: Ids
  log: Log
  /** What the log said lately. */
  lines: RecentLines
  db: Database
  blobs: SwitchingStore
  vault: Vault
  /** Slots with an upload under way. */
  uploads: Turns
  /** Those who wait for an operation of a log, by the hash of its key. */
  arrivals: Arrivals
  passwords: Passwords
  /** One try of a PIN at a time a device. */
  pinTurns: KeyedQueue
  tokens: VerifiedTokens
  /** Verified lately, for HTTP Basic. */
  remembered: RememberedPasswords
  /** Wrong passwords and codes; always on. */
  guesses: Guesses
  /** Seals and opens what ceremonies are about. */
  challenges: ChallengeTokens
  /** Where set-up happens, one action at a time. */
  setup: SetupDesk
  outbox: Outbox
  /** Long work that nobody waits for. */
  work: BackgroundWork
  /** What keepers ask of the server's looking after itself. */
  keeping: KeepingDesk
  rates: RateLimiter
  /** Keys of sign-in services and of the attestation gateway. */
  jwks: JwksCache
  metrics: Metrics
  version: string
  startedAt: number
  /** Where this server listens, e.g. `http://127.0.0.1:4180`; `main.ts` says so once it does. */
  address: string
  /** Where the house reaches it, e.g. `https://name.local:4443`; null while HTTPS is off. */
  httpsAddress: string | null
  /** The certificate in use; null while HTTPS is off. */
  certificates: CertificateKeeper | null
  /** How the house finds it; null while it does not make itself known. */
  discovery: Discovery | null
}

/** What differs between the product and a test; the rest follows from it. */
export type Foundations = Pick<
  Context,
  'config' | 'secrets' | 'settings' | 'ids' | 'log' | 'db' | 'blobs' | 'challenges' | 'version'
> & { clock: MachineClock; lines?: RecentLines }

export function createContext(foundations: Foundations): Context {
  const { clock, config, db } = foundations
  const metrics = new Metrics()
  const passwords = new Passwords()
  metrics.gauge('hearthkeep_objects', 'Kept objects by state', ['state'], () =>
    readUsage(db.read).map((usage) => [{ state: usage.state }, usage.objects]),
  )
  metrics.gauge('hearthkeep_object_bytes', 'Bytes of kept objects by state', ['state'], () =>
    readUsage(db.read).map((usage) => [{ state: usage.state }, usage.bytes]),
  )
  metrics.gauge('hearthkeep_factor_backups', 'Factor backups by state', ['state'], () => {
    const { backups, deleted } = countBackups(db.read)
    return [
      [{ state: 'live' }, backups],
      [{ state: 'deleted' }, deleted],
    ]
  })
  const settled = new SettledTime(foundations, seenStore(db))
  showKeeping(metrics, db, settled)
  metrics.gauge('hearthkeep_hashing_queue', 'Passwords being hashed or waiting', [], () => [[{}, passwords.waiting]])
  const ctx: Omit<Context, 'keeping'> = {
    lines: new RecentLines(),
    ...foundations,
    settled,
    vault: new Vault(foundations),
    uploads: new Turns(),
    arrivals: new Arrivals(),
    passwords,
    pinTurns: new KeyedQueue(128),
    tokens: new VerifiedTokens(),
    remembered: new RememberedPasswords(clock),
    guesses: new Guesses(clock, guessStore(db)),
    setup: new SetupDesk(),
    outbox: new Outbox({ ...foundations, metrics }),
    work: new BackgroundWork(foundations),
    rates: new RateLimiter(clock, config),
    jwks: new JwksCache(foundations),
    metrics,
    startedAt: clock.now(),
    address: `http://127.0.0.1:${config.httpPort}`,
    httpsAddress: null,
    certificates: null,
    discovery: null,
  }
  return Object.assign(ctx, { keeping: new KeepingDesk(ctx) })
}
