import { fallback, isLanguage, type Language } from '#server/kit/language.ts'
import { letters } from '#server/notices/words/letters.ts'
import type { Paragraph, Said } from '#server/notices/words/says.ts'
import { type Html, html } from './html.ts'
import { when } from './when.ts'

/** What a mail says, in both of its parts. */
export type Letter = { subject: string; text: string; html: string }

/** Whom a letter is for. */
export type Addressed = {
  recipient: string
  /** As their account has it; null or one that we do not speak: English. */
  language: string | null
  /** Address of this server, said at the end so that a reader with several knows which one wrote. */
  server: string
}

/** How to say it to somebody: the language, and what a time in milliseconds is in it. */
type Speech = { language: Language; when: (at: number) => string }

/**
 * One letter from the same paragraphs as plain text and as HTML. Nothing is loaded from anywhere, so that opening the
 * mail tells nobody.
 */
export function letter({ language, server }: Addressed, write: (speech: Speech) => Said): Letter {
  const known = isLanguage(language) ? language : null
  const spoken = known ?? fallback
  const { subject, paragraphs } = write({ language: spoken, when: (at) => when(at, known) })
  const all = [...paragraphs, letters[spoken].from(server)]
  const text = all.map((one) => (typeof one === 'string' ? one : `  ${one.link}`)).join('\r\n\r\n')
  const body = all.map(paragraphHtml).reduce((before, one) => html`${before}${one}\n`, html``)
  const page = html`<!doctype html>
<html lang="${spoken}">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">
${body}</body>
</html>
`
  return { subject, text: `${text}\r\n`, html: page.markup }
}

function paragraphHtml(paragraph: Paragraph): Html {
  if (typeof paragraph === 'string') return html`<p>${paragraph}</p>`
  return html`<p><a href="${paragraph.link}">${paragraph.link}</a></p>`
}
