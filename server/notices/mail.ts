import type { Transporter } from 'nodemailer'
import type { Config } from '#server/config/env.ts'

export type Mail = {
  /** One address. */
  recipient: string
  subject: string
  text: string
  html: string
}

export type Mailer = {
  /**
   * Hand a mail to the SMTP server; resolves when that has taken it.
   *
   * @param id  the same for every try of one mail, so that a receiver can tell a second copy
   * @throws MailFailure
   */
  send(id: string, mail: Mail): Promise<void>
  close(): void
}

/** Why a mail did not go out, without the words of the SMTP server, which repeat addresses. */
export class MailFailure extends Error {
  /** E.g. `ECONNECTION`, `EAUTH`, `EENVELOPE`. */
  readonly code: string
  /** SMTP reply, e.g. 550. */
  readonly reply: number | null

  constructor(code: string, reply: number | null) {
    super(`The mail was not taken (${code}${reply === null ? '' : ` ${reply}`})`)
    this.name = 'MailFailure'
    this.code = code
    this.reply = reply
  }
}

/**
 * Nodemailer's SMTP transport, with the times a server that is starting or stopping can afford to wait. It is loaded
 * with the first mail, so that the start does not wait for it.
 */
export function smtpMailer({ smtpUrl, from }: NonNullable<Config['mail']>): Mailer {
  let opened: Promise<Transporter> | null = null
  return {
    async send(id, { recipient, subject, text, html }) {
      opened ??= openTransport(smtpUrl)
      const transport = await opened
      // As an object, not as text: `a, b@x` is one address here, and would be two to a parser.
      const to = { name: '', address: recipient }
      const headers = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }
      const mail = { from, to, subject, text, html, headers, messageId: `<${id}@hearthkeep>` }
      try {
        await transport.sendMail(mail)
      } catch (error) {
        const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
        throw new MailFailure(
          typeof code === 'string' ? code : 'EUNKNOWN',
          typeof responseCode === 'number' ? responseCode : null,
        )
      }
    },
    close: () => void opened?.then((transport) => transport.close()),
  }
}

async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    dnsTimeout: 10_000,
    // Nothing of a mail may be read from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}
