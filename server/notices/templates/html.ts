/** Markup that needs no more escaping; only `html` makes it. */
export type Html = { readonly markup: string }

/** Template of a mail's HTML part: everything put in is escaped, except markup made by this same function. */
export function html(parts: TemplateStringsArray, ...values: Array<string | Html>): Html {
  const markup = parts.map((part, place) => {
    const value = values[place]
    return part + (value === undefined ? '' : typeof value === 'string' ? escaped(value) : value.markup)
  })
  return { markup: markup.join('') }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
