'use client'

import { Icon } from '#app/_components/icon.tsx'
import { server } from '#app/_i18n/server.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { DescribedVariable, RefusedSetting } from '#app/_server/server-settings.ts'

/** A setting in the words of the page. */
export type ShownSetting = Pick<DescribedVariable, 'name' | 'kind' | 'isSet' | 'source' | 'value'> & {
  label: string
  hint: string
  /** As it is typed; empty while it is not set, and for every secret. */
  text: string
  usual: string | null
  limits: string | null
  choices: Array<{ value: string; words: string }>
  isLocked: boolean
  effect: 'now' | 'restart' | 'waiting'
}

type Props = { setting: ShownSetting; why: RefusedSetting['why'] | null }

const look =
  'mt-1.5 block w-full rounded-xl border bg-card px-3.5 py-2.5 outline-none focus:border-ember focus:ring-2 focus:ring-ember disabled:text-soft'

/** One setting to type or choose, with what is known about it below. */
export function SettingField({ setting, why }: Props) {
  const words = useWords(server).form
  const { name, kind, label, text, choices, usual, isLocked, isSet } = setting
  const common = {
    id: name,
    name,
    disabled: isLocked,
    'aria-describedby': `${name}-hint`,
    ...(why ? { 'aria-invalid': true } : {}),
    className: `${look} ${why ? 'border-bad' : 'border-edge'}`,
  }
  return (
    <div className="min-w-0">
      <label htmlFor={name} className="block font-medium">
        {label}
      </label>
      {choices.length > 0 ? (
        <select {...common} defaultValue={text}>
          <option value="">{words.usualChoice(usual ?? words.none)}</option>
          {choices.map(({ value, words: choice }) => (
            <option key={value} value={value}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          type={kind === 'secret' ? 'password' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : undefined}
          defaultValue={text}
          placeholder={kind === 'secret' ? undefined : (usual ?? undefined)}
          autoComplete={kind === 'secret' ? 'new-password' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <div id={`${name}-hint`} className="mt-1.5 max-w-prose text-sm text-soft">
        {why ? <p className="mb-1 font-medium text-bad">{words.why[why]}</p> : null}
        <p className="break-words">{[setting.hint, ...remarksOn(setting, words)].join(' ')}</p>
        <Standing setting={setting} />
      </div>
      {kind === 'secret' && isSet && !isLocked ? (
        <label className="mt-2 flex items-center gap-2.5 text-sm">
          <input type="checkbox" name={`forget ${name}`} className="size-4 accent-ember" />
          {words.forget(label)}
        </label>
      ) : null}
    </div>
  )
}

/** Where the value comes from and when it holds, where that is not simply "here" and "now". */
function Standing({ setting: { name, source, effect, isLocked } }: { setting: ShownSetting }) {
  const words = useWords(server).form
  if (source === 'environment')
    return (
      <p className="mt-1 flex items-start gap-1.5 text-ink">
        <Icon name="codes" className="mt-0.5 size-4" />
        <span className="min-w-0 wrap-anywhere">{words.fromEnvironment(name)}</span>
      </p>
    )
  if (isLocked) return null
  return (
    <>
      {source === 'restored' ? <p className="mt-1 text-ink">{words.restored}</p> : null}
      {effect === 'waiting' ? <p className="mt-1 font-medium text-ink">{words.waiting}</p> : null}
      {effect === 'restart' ? <p className="mt-1">{words.restart}</p> : null}
    </>
  )
}

function remarksOn(
  { kind, usual, limits, isSet, choices }: ShownSetting,
  words: (typeof server)['en']['form'],
): string[] {
  if (kind === 'secret') return [isSet ? words.isSet : words.notSet]
  return [
    ...(kind === 'list' ? [words.list] : []),
    ...(kind === 'bytes' ? [words.size] : []),
    ...(limits ? [limits] : []),
    ...(usual && choices.length === 0 ? [`${words.usual(usual)}.`] : []),
  ]
}
