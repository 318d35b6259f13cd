'use client'

import { type InputHTMLAttributes, type ReactNode, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & {
  id: string
  label: string
  hint?: ReactNode
}

/** A PIN or password that its owner may look at while typing. */
export function PinField(input: Props) {
  const words = useWords(otp).unlock
  const [visible, setVisible] = useState(false)
  return (
    <Field
      type={visible ? 'text' : 'password'}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      end={
        <button
          type="button"
          aria-pressed={visible}
          onClick={() => setVisible(!visible)}
          className="rounded-xl px-3.5 text-sm font-medium text-ember"
        >
          {visible ? words.hide : words.show}
        </button>
      }
      {...input}
    />
  )
}
