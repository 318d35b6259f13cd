import { bytes, text } from '#server/http/answers.ts'
import { isProblem } from '#server/kit/problem.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { house } from './house.ts'

type Download = {
  /** For the file; whatever a file system would not take is replaced. */
  name: string
  open: () => Promise<{ stored: StoredBytes; contentType?: string }>
}

/** Types that are passed on; anything else an app called its bytes must not be run or shown by a browser. */
const passedOn = new Set(['application/zip'])

/** Stored bytes as a file to keep, never as something to look at. What goes wrong is said in a line of text. */
export async function answerDownload({ name, open }: Download): Promise<Response> {
  try {
    const { stored, contentType = '' } = await open()
    return bytes(200, stored.chunks, {
      'Content-Type': passedOn.has(contentType) ? contentType : 'application/octet-stream',
      'Content-Disposition': asAttachment(name),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    })
  } catch (error) {
    if (!isProblem(error)) {
      house().ctx.log.error({ error }, 'a download failed')
      return text(500, 'The server has a problem of its own; try again in a moment.\n')
    }
    const isGone = error.code === 'not_found' || error.code === 'persona.not_found'
    return text(isGone ? 404 : error.status, `${isGone ? 'There is nothing here.' : error.message}\n`)
  }
}

/** RFC 6266 §4.3, with the name once in plain ASCII and once in full. */
function asAttachment(name: string): string {
  const whole = name
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: just what must not get into a file's name
    .replace(/[\u0000-\u001f\u007f"*/:<>?\\|]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 150)
  const ascii = whole.replace(/[^\x20-\x7e]|%/g, '_')
  const full = encodeURIComponent(whole.toWellFormed()).replace(
    /['()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
}
