import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Catalogue, everyLanguage } from './language.ts'

const here = import.meta.dirname
const areas = (await readdir(`${here}/en`)).map((file) => file.replace(/\.ts$/, ''))

/** Every text of an area with its place in it; what takes a value stands for itself. */
function textsOf(words: unknown, place = ''): Array<[place: string, text: unknown]> {
  if (typeof words !== 'object' || words === null) return [[place, words]]
  return Object.entries(words).flatMap(([key, inner]) => textsOf(inner, `${place}.${key}`))
}

async function cataloguesIn(area: string): Promise<Array<[name: string, words: Catalogue<unknown>]>> {
  return Object.entries(await import(`${here}/${area}.ts`))
}

test('each language has a file for each area', async () => {
  for (const language of everyLanguage)
    expect((await readdir(`${here}/${language}`)).toSorted(), language).toEqual(areas.map((area) => `${area}.ts`))
})

test.each(areas)('%s says the same things in every language, and says something', async (area) => {
  for (const [name, words] of await cataloguesIn(area)) {
    expect(Object.keys(words).toSorted(), name).toEqual(everyLanguage.toSorted())
    const places = textsOf(words.en).map(([place]) => place)
    for (const language of everyLanguage) {
      const texts = textsOf(words[language])
      expect(texts.map(([place]) => place).toSorted(), `${name} in ${language}`).toEqual(places.toSorted())
      for (const [place, text] of texts) {
        const isText = typeof text === 'string' && text.trim() !== ''
        expect(isText || typeof text === 'function', `${name}${place} in ${language}`).toBe(true)
      }
    }
  }
})

test.each(areas)('no sentence of %s was left in English', async (area) => {
  for (const [name, words] of await cataloguesIn(area)) {
    const english = new Map(textsOf(words.en))
    for (const language of everyLanguage.filter((code) => code !== 'en'))
      for (const [place, text] of textsOf(words[language])) {
        const isSentence = typeof text === 'string' && text.split(' ').length > 2
        expect(isSentence && text === english.get(place), `${name}${place} in ${language}`).toBe(false)
      }
  }
})
