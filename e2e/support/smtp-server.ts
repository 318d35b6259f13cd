import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = {
  /** Envelope, as the SMTP commands said it. */
  from: string
  recipients: string[]
  /** Unfolded, names lower-cased, values as sent. */
  headers: Record<string, string>
  /** As a client shows it. */
  subject: string
  /** Decoded parts of multipart/alternative. */
  text: string
  html: string
  /** The message as it came over the wire. */
  raw: string
}

export type SmtpServer = AsyncDisposable & {
  /** For HEARTHKEEP_SMTP_URL. */
  url: string
  received: ReceivedMail[]
  /** Answer the next tries with this reply instead of taking the mail; null = take it again. */
  refuseWith(reply: { code: number; words: string } | null): void
  /** Wait for the next mail to an address that has not been handed out yet. */
  next(recipient: string, milliseconds?: number): Promise<ReceivedMail>
}

/** A real SMTP server on loopback that keeps what it gets. @param port  0 = any free one */
export async function startSmtpServer(port = 0): Promise<SmtpServer> {
  const received: ReceivedMail[] = []
  const handedOut = new Set<ReceivedMail>()
  let refusal: { code: number; words: string } | null = null
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refusal) {
          done(Object.assign(new Error(refusal.words), { responseCode: refusal.code }))
          return
        }
        const raw = Buffer.concat(chunks).toString('utf8')
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom ? mailFrom.address : ''
        received.push({ from, recipients: rcptTo.map((to) => to.address), raw, ...parseMail(raw) })
        done()
      })
    },
  })
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const { port: chosen } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${chosen}`,
    received,
    refuseWith(reply) {
      refusal = reply
    },
    async next(recipient, milliseconds = 5_000) {
      for (const deadline = Date.now() + milliseconds; ; await sleep(20)) {
        const mail = received.find((one) => !handedOut.has(one) && one.recipients.includes(recipient))
        if (mail) {
          handedOut.add(mail)
          return mail
        }
        if (Date.now() > deadline) throw new Error(`No mail for ${recipient} within ${milliseconds} ms`)
      }
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** The reset code in a mail's text. */
export function resetCodeIn(mail: ReceivedMail): string {
  const code = /reset_code=([0-9a-f]{64})/.exec(mail.text)?.[1]
  if (!code) throw new Error(`No reset code in:\n${mail.text}`)
  return code
}

/** As much of MIME as a mail of ours uses: headers, one level of multipart, quoted-printable, base64. */
function parseMail(raw: string): Pick<ReceivedMail, 'headers' | 'subject' | 'text' | 'html'> {
  const { headers, body } = splitPart(raw)
  const boundary = /boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1]
  const parts = boundary ? body.split(`--${boundary}`).slice(1, -1) : [raw]
  const find = (type: string) => {
    for (const part of parts) {
      const one = splitPart(part.replace(/^\r\n/, ''))
      if (one.headers['content-type']?.startsWith(type)) return decodeBody(one)
    }
    return ''
  }
  const subject = decodeWords(headers.subject ?? '')
  return { headers, subject, text: find('text/plain'), html: find('text/html') }
}

type Part = { headers: Record<string, string>; body: string }

function splitPart(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { headers: Object.fromEntries(headers), body: raw.slice(end + 4) }
}

function decodeBody({ headers, body }: Part): string {
  const encoding = headers['content-transfer-encoding']?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  return encoding === 'quoted-printable' ? decodeQuoted(body.replace(/=\r\n/g, '')) : body
}

/** RFC 2047: the space between two encoded words is none of the text. */
function decodeWords(header: string): string {
  return header
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    )
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
