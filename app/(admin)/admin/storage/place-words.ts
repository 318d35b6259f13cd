import type { storage } from '#app/_i18n/en/storage.ts'
import type { ShownPlace } from '#app/_server/storage.ts'

/** A place in a few words, with its address. */
export function wordsOfPlace(place: ShownPlace, words: (typeof storage)['where']): { name: string; address: string } {
  if (place.kind === 'disk') return { name: place.isOwn ? words.own : words.folder, address: place.folder }
  const host = place.endpoint === null ? words.amazon : words.at(new URL(place.endpoint).host)
  return { name: `${words.bucket(place.bucket)} ${host}`, address: place.prefix.replace(/^\/+|\/+$/g, '') }
}
