/** A paragraph of a letter; a link stands alone in its own. */
export type Paragraph = string | { link: string }

/** What a letter says, without what every letter has. `Count` = of paragraphs. */
export type Said<Count extends number = number> = {
  subject: string
  paragraphs: Paragraph[] & { length: Count }
}

/** How many paragraphs there are becomes part of the type, so that no other language can leave one out. */
export function says<All extends Paragraph[]>(subject: string, ...paragraphs: All): Said<All['length']> {
  return { subject, paragraphs }
}
