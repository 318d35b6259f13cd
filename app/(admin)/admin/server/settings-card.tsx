import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { server } from '#app/_i18n/server.ts'
import { settings as names } from '#app/_i18n/settings.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { DescribedVariable, VariableGroup } from '#app/_server/server-settings.ts'
import type { ShownSetting } from './setting-field.tsx'
import { SettingsForm } from './settings-form.tsx'
import { sizeText } from './size-text.ts'

type Props = { group: VariableGroup; settings: DescribedVariable[] }

/** Settings that belong together, with their words in the language of the page. */
export async function SettingsCard({ group, settings }: Props) {
  const words = await wordsOf(names)
  const form = (await wordsOf(server)).form
  const language = await languageOfPage()
  const { heading, lead } = words.groups[group]
  const id = `${group.replaceAll(' ', '-')}-heading`

  const inWords = ({ name, kind }: DescribedVariable, value: string): string => {
    if (kind === 'bytes') return formatSize(Number(value), language)
    if (kind === 'flag') return value === 'true' ? form.yes : form.no
    return (words.choices as Record<string, Record<string, string>>)[name]?.[value] ?? value
  }
  const shown = settings.map((one): ShownSetting => {
    const { name, kind, value, isSet, source, takesEffect, isWaiting, changedBy } = one
    const [label = name, hint = ''] = words.names[name]
    return {
      name,
      kind,
      label,
      hint,
      isSet,
      text: kind === 'bytes' && value !== null ? sizeText(value) : (value ?? ''),
      value,
      usual: one.default === null ? null : inWords(one, one.default),
      limits:
        one.least === null || one.most === null
          ? null
          : form.between(inWords(one, String(one.least)), inWords(one, String(one.most))),
      choices: choicesOf(one).map((choice) => ({ value: choice, words: inWords(one, choice) })),
      source,
      isLocked: source === 'environment' || changedBy === 'storage',
      effect: isWaiting ? 'waiting' : takesEffect,
    }
  })
  return (
    <Card id={id} heading={heading}>
      <p className="mt-2 max-w-prose text-soft">{lead}</p>
      <SettingsForm settings={shown} label={heading} />
    </Card>
  )
}

function choicesOf({ kind, choices }: DescribedVariable): string[] {
  return kind === 'flag' ? ['true', 'false'] : (choices ?? [])
}
