import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { useShelf } from './shelf.tsx'
import { isAccount, ownWays, type Way } from './ways.ts'

type Ways = {
  /** All that work on this server. */
  all: Way[]
  nameOf: (way: Way) => string
  textOf: (way: Way) => string
}

/** Ways into a backup with the words for them. */
export function useWays(): Ways {
  const words = useWords(backups).way
  const { providers } = useShelf().shown
  const provider = (way: Way) => providers.find(({ kind }) => kind === way)?.name ?? way
  return {
    all: [...ownWays, ...providers.map(({ kind }) => kind)],
    nameOf: (way) => (isAccount(way) ? words.account(provider(way)) : words[way]),
    textOf: (way) => (isAccount(way) ? words.accountText : words[`${way}Text`]),
  }
}
