'use client'

import { type FormEvent, useState } from 'react'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { useAction } from '#app/_components/use-action.ts'
import { server } from '#app/_i18n/server.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { RefusedSetting } from '#app/_server/server-settings.ts'
import { saveSettings } from './actions.ts'
import { SettingField, type ShownSetting } from './setting-field.tsx'
import { bytesOf } from './size-text.ts'

type Props = {
  settings: ShownSetting[]
  /** For screen readers. */
  label: string
}

/** Some settings with one button; what was not touched is not sent. */
export function SettingsForm({ settings, label }: Props) {
  const words = useWords(server).form
  const guard = useGuard()
  const say = useSay()
  const { busy, run } = useAction()
  const [refused, setRefused] = useState<RefusedSetting[]>([])
  const [trouble, setTrouble] = useState<string | null>(null)
  const isFixed = settings.every(({ isLocked }) => isLocked)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const changes = changesIn(new FormData(form), settings)
    setTrouble(null)
    if (Object.keys(changes).length === 0) return say({ words: words.nothing, isBad: false })
    const action = async () => {
      const outcome = await guard(() => saveSettings(changes))
      setRefused(outcome.ok ? outcome.value : [])
      return outcome.ok && outcome.value.length > 0
        ? ({ ok: false, code: 'config.refused', seconds: null } as const)
        : outcome
    }
    const own = { 'config.refused': words.refused, 'config.pinned': words.pinned }
    run({ action, done: words.saved, own }, () => forgetSecrets(form, settings), setTrouble)
  }

  return (
    <form method="dialog" onSubmit={submit} aria-label={label} autoComplete="off">
      <div className="mt-6 grid grid-cols-1 gap-x-8 gap-y-6 lg:grid-cols-2">
        {settings.map((setting) => (
          <SettingField
            key={setting.name}
            setting={setting}
            why={refused.find(({ name }) => name === setting.name)?.why ?? null}
          />
        ))}
      </div>
      {trouble ? <Notice>{trouble}</Notice> : null}
      {isFixed ? null : (
        <button type="submit" className={`${smallButton.main} mt-6`} disabled={busy} aria-busy={busy}>
          {busy ? words.saving : words.save}
        </button>
      )}
    </form>
  )
}

function changesIn(form: FormData, settings: ShownSetting[]): Record<string, string | null> {
  const changes = settings.flatMap((setting): Array<[string, string | null]> => {
    const { name, kind, value, isSet, isLocked } = setting
    if (isLocked) return []
    const typed = String(form.get(name) ?? '').trim()
    if (kind === 'secret') {
      if (typed !== '') return [[name, typed]]
      return isSet && form.has(`forget ${name}`) ? [[name, null]] : []
    }
    const text = kind === 'bytes' && typed !== '' ? bytesOf(typed) : typed
    return text === (value ?? '') ? [] : [[name, text || null]]
  })
  return Object.fromEntries(changes)
}

/** What was typed is kept by the server now, and by nobody else. */
function forgetSecrets(form: HTMLFormElement, settings: ShownSetting[]): void {
  for (const { name, kind } of settings) {
    if (kind !== 'secret') continue
    for (const input of [form.elements.namedItem(name), form.elements.namedItem(`forget ${name}`)])
      if (input instanceof HTMLInputElement) {
        input.value = ''
        input.checked = false
      }
  }
}
