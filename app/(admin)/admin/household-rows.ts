import type { AttentionRow } from '#app/_components/attention.tsx'
import { people as area } from '#app/_i18n/people.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { HouseholdConcern } from '#app/_server/people.ts'

type Kind = HouseholdConcern['kind']

const named = 4

/** Whose backups a keeper ought to look at, a line for each kind of trouble. */
export async function householdRows(concerns: HouseholdConcern[]): Promise<AttentionRow[]> {
  const { attention, list } = await wordsOf(area)

  function whoIsIn(concern: HouseholdConcern): string {
    const { person } = concern
    if (!('deviceName' in concern)) return person.name
    return attention.device(concern.deviceName ?? list.nameless, person.name)
  }

  function rowOf([kind, those]: [Kind, HouseholdConcern[]]): AttentionRow {
    const who = those.slice(0, named).map(whoIsIn).join(', ')
    const more = those.length > named ? ` ${attention.more(those.length - named)}` : ''
    const people = new Set(those.map(({ person }) => person.id))
    const [only] = people
    const href = people.size === 1 ? `/admin/people/${only}` : '/admin/people'
    return { key: kind, heading: attention[kind](those.length), text: who + more, href }
  }

  return [...Map.groupBy(concerns, ({ kind }) => kind)].map(rowOf)
}
