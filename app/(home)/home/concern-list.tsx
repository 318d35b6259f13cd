import { Ago } from '#app/_components/ago.tsx'
import { Attention, type AttentionRow } from '#app/_components/attention.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { cloud } from '#app/_i18n/cloud.ts'
import { overview } from '#app/_i18n/overview.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { Concern } from '#app/_server/home.ts'
import { personaPath } from './personas/persona-path.ts'

/** What needs attention, each with the place to do something about it. */
export async function ConcernList({ concerns, now }: { concerns: Concern[]; now: number }) {
  const words = await wordsOf(overview)
  const shownAs = await describer(now)
  const rows = concerns.map((concern) => ({ key: JSON.stringify(concern), ...shownAs(concern) }))
  return <Attention heading={words.attention} look={words.concern.look} rows={rows} />
}

type Shown = Omit<AttentionRow, 'key'>

/** Puts concerns into words. */
async function describer(now: number): Promise<(concern: Concern) => Shown> {
  const { concern: words } = await wordsOf(overview)
  const { nameless } = await wordsOf(cloud)
  const language = await languageOfPage()
  const since = (text: string, at: number) => (
    <>
      {text} <Ago at={at} now={now} />.
    </>
  )
  return (concern) => {
    switch (concern.kind) {
      case 'nudged': {
        const [heading, text] = words.nudged
        return { heading, text: since(text, concern.at), href: '/home/cloud' }
      }
      case 'damaged': {
        if (concern.personaId !== null) {
          const [heading, text] = words.damagedPersona(concern.personaId)
          return { heading, text, href: personaPath(concern.personaId) }
        }
        const [heading, text] = words.damagedCloud(concern.deviceName ?? nameless)
        return { heading, text, href: '/home/cloud' }
      }
      case 'nearly_full': {
        const [heading, text] = words.nearlyFull(
          formatSize(concern.used, language),
          formatSize(concern.quota, language),
        )
        return { heading, text, href: '/home/personas' }
      }
      case 'backup_damaged': {
        const [heading, text] = words.backupDamaged(concern.name)
        return { heading, text, href: `/home/backups?backup=${concern.backupId}` }
      }
      case 'backup_one_way': {
        const [heading, text] = words.backupOneWay(concern.name)
        return { heading, text, href: `/home/backups?backup=${concern.backupId}` }
      }
      case 'nothing_new': {
        const [heading, text] = words.nothingNew
        return { heading, text: since(text, concern.since), href: '/home/cloud' }
      }
      case 'device_silent': {
        const [heading, text] = words.deviceSilent(concern.deviceName ?? nameless)
        return { heading, text: since(text, concern.since), href: '/home/cloud' }
      }
      case 'device_never': {
        const [heading, text] = words.deviceNever(concern.deviceName ?? nameless)
        return { heading, text: since(text, concern.since), href: '/home/cloud' }
      }
      case 'recovery_codes': {
        const [heading, text] = words.recoveryCodes(concern.left)
        return { heading, text, href: '/home/security' }
      }
    }
  }
}
