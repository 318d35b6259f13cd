import type { Database, Orm } from '#db/client.ts'
import type { Config } from '#server/config/env.ts'
import type { Secrets } from '#server/config/secrets.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import { SealedText } from '#server/kit/sealed-text.ts'
import { recordEvent } from './audit.ts'
import { type Mail, type Mailer, MailFailure, smtpMailer } from './mail.ts'
import { deleteMail, insertMail, listDueMails, type OutboxRow, postponeMail, readNextAttempt } from './store.ts'

const firstDelay = 30_000
const longestDelay = 3_600_000
const batch = 20

type Needs = {
  config: Config
  secrets: Secrets
  db: Database
  clock: Clock
  ids: Ids
  log: Log
  metrics: { event(name: string): void }
}

/**
 * Mail on its way out (design §6). It is queued in the transaction that causes it, so that there is never a mail about
 * something that did not happen, nor a crash that swallows one; it is sent afterwards, never inside a request. A try
 * that fails is repeated after 30 s, then after twice as long each time, up to an hour.
 */
export class Outbox {
  readonly #needs: Needs
  #mailer: { of: Config['mail']; open: Mailer | null } = { of: null, open: null }
  readonly #sealed: SealedText
  #running: Promise<void> | null = null
  #again = false
  #timer: NodeJS.Timeout | undefined
  #stop: () => void = () => {}
  readonly #stopped = new Promise<'stopped'>((resolve) => {
    this.#stop = () => resolve('stopped')
  })
  #isStopped = false

  constructor(needs: Needs) {
    this.#needs = needs
    this.#sealed = new SealedText(needs.secrets.serverKey, 'outbox', (bytes) => needs.ids.random(bytes))
  }

  /** Whether this server sends mail at all. */
  get sends(): boolean {
    return this.#needs.config.mail !== null
  }

  /**
   * Put a mail into the transaction that causes it; call `kick` after the commit. Without SMTP nothing is queued.
   *
   * @param lifetime  milliseconds after which the mail is worthless and dropped
   */
  queue(tx: Orm, mail: Mail, lifetime: number): void {
    if (!this.sends) return
    const now = this.#needs.clock.now()
    const id = this.#needs.ids.uuid()
    insertMail(tx, {
      id,
      recipient: mail.recipient,
      subject: mail.subject,
      text: this.#sealed.seal(mail.text, `${id} text`),
      html: this.#sealed.seal(mail.html, `${id} html`),
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
      expiresAt: now + lifetime,
    })
  }

  /** Look at the queue soon; returns at once. */
  kick(): void {
    if (!this.sends || this.#isStopped) return
    setImmediate(() => this.flush().catch((error) => this.#needs.log.error({ error }, 'the outbox failed')))
  }

  /** Send what is due; one run at a time. Resolves when nothing is due any more, or at `stop`. */
  flush(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    const run = this.#run().finally(() => {
      this.#running = null
      this.#wait()
    })
    this.#running = run
    return run
  }

  /** No mail is sent any more; one that is under way is left to the next start. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#stop()
    this.#mailer.open?.close()
  }

  /** By the configuration as it is now; mail under way by the one before is sent to its end. */
  #currentMailer(): Mailer | null {
    const { mail } = this.#needs.config
    const { of, open } = this.#mailer
    if (mail?.smtpUrl === of?.smtpUrl && mail?.from === of?.from) return open
    open?.close()
    this.#mailer = { of: mail, open: mail && smtpMailer(mail) }
    return this.#mailer.open
  }

  async #run(): Promise<void> {
    const { db, clock } = this.#needs
    do {
      this.#again = false
      for (;;) {
        const due = listDueMails(db.read, clock.now(), batch)
        if (due.length === 0) break
        for (const row of due) {
          const mailer = this.#currentMailer()
          if (!mailer || this.#isStopped || (await this.#deliver(row, mailer)) === 'stopped') return
        }
      }
    } while (this.#again)
  }

  async #deliver(row: OutboxRow, mailer: Mailer): Promise<'done' | 'stopped'> {
    const { db, clock, log, metrics } = this.#needs
    const mail = this.#open(row)
    if (!mail || row.expiresAt <= clock.now()) {
      await this.#drop(row, mail ? 'expired' : 'unreadable')
      return 'done'
    }
    try {
      const sent = mailer.send(row.id, mail)
      if ((await Promise.race([sent, this.#stopped])) === 'stopped') {
        sent.catch(() => {})
        return 'stopped'
      }
      await db.write((tx) => deleteMail(tx, row.id))
      metrics.event('mail.sent')
      log.info({ mail: row.id }, 'a mail was sent')
    } catch (error) {
      if (!(error instanceof MailFailure)) throw error
      const attempts = row.attempts + 1
      const delay = Math.min(longestDelay, firstDelay * 2 ** row.attempts)
      await db.write((tx) => postponeMail(tx, row.id, attempts, clock.now() + delay))
      metrics.event('mail.failed')
      log.warn({ mail: row.id, attempts, reason: error.code, reply: error.reply }, 'a mail could not be sent')
    }
    return 'done'
  }

  async #drop(row: OutboxRow, reason: 'expired' | 'unreadable'): Promise<void> {
    const { db, log, metrics } = this.#needs
    await db.write((tx) => {
      deleteMail(tx, row.id)
      recordEvent(this.#needs, tx, { event: 'mail.dropped', accountId: null, details: { mail: row.id, reason } })
    })
    metrics.event('mail.dropped')
    log.warn({ mail: row.id, attempts: row.attempts, reason }, 'a mail was given up')
  }

  #open(row: OutboxRow): Mail | null {
    const text = this.#sealed.open(row.text, `${row.id} text`)
    const html = this.#sealed.open(row.html, `${row.id} html`)
    return text === null || html === null ? null : { recipient: row.recipient, subject: row.subject, text, html }
  }

  /** Until the next try is due; the job looks in every minute besides, should the clock jump. */
  #wait(): void {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    const at = readNextAttempt(this.#needs.db.read)
    if (at === null) return
    const delay = Math.min(longestDelay, Math.max(1000, at - this.#needs.clock.now()))
    this.#timer = setTimeout(() => this.kick(), delay).unref()
  }
}
