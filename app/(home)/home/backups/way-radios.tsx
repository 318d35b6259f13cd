'use client'

import { useId } from 'react'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Way } from './ways.ts'

type Props = { legend: string; ways: Way[]; value: Way; onChange: (way: Way) => void; disabled?: boolean }

/** One of the ways into a backup. */
export function WayRadios({ legend, ways, value, onChange, disabled = false }: Props) {
  const words = useWords(backups).way
  const name = useId()
  return (
    <fieldset className="mt-5" disabled={disabled}>
      <legend className="font-medium">{legend}</legend>
      <div className="mt-2 grid gap-2">
        {ways.map((way) => (
          <label
            key={way}
            className="flex cursor-pointer gap-3 rounded-xl border border-line px-4 py-3 has-checked:border-ember"
          >
            <input
              type="radio"
              name={name}
              value={way}
              checked={value === way}
              onChange={() => onChange(way)}
              className="mt-1.5 size-4 accent-ember"
            />
            <span>
              <span className="font-medium">{words[way]}</span>{' '}
              <span className="block text-sm text-soft">{words[`${way}Text`]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
