'use client'

import { type InputHTMLAttributes, type ReactNode, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { ShowButton } from '#app/_components/show-button.tsx'

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & {
  id: string
  label: string
  hint?: ReactNode
}

/** A PIN or password that its owner may look at while typing. */
export function PinField(input: Props) {
  const [visible, setVisible] = useState(false)
  return (
    <Field
      type={visible ? 'text' : 'password'}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      end={<ShowButton visible={visible} onClick={() => setVisible(!visible)} />}
      {...input}
    />
  )
}
