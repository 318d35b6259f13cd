import { type Html, html } from './html.ts'

/** What a mail says, in both of its parts. */
export type Letter = { subject: string; text: string; html: string }

type Paragraph = string | { link: string }

/**
 * One letter from the same paragraphs as plain text and as HTML; a link stands alone in its paragraph. Nothing is
 * loaded from anywhere, so that opening the mail tells nobody.
 *
 * @param server  address of this server, said at the end so that a reader with several knows which one wrote
 */
export function letter(subject: string, paragraphs: Paragraph[], server: string): Letter {
  const all = [...paragraphs, `Hearthkeep at ${server}`]
  const text = all.map((one) => (typeof one === 'string' ? one : `  ${one.link}`)).join('\r\n\r\n')
  const body = all.map(paragraphHtml).reduce((before, one) => html`${before}${one}\n`, html``)
  const page = html`<!doctype html>
<html lang="en">
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
