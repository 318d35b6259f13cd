'use client'

import { type ReactNode, useState } from 'react'
import { newPassword } from '#app/_i18n/new-password.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { Field } from './field.tsx'
import { useLeastCharacters } from './password-rule.tsx'
import { passwordStrength } from './password-strength.ts'
import { ShowButton } from './show-button.tsx'
import { StrengthMeter } from './strength-meter.tsx'

type NewPassword = {
  /** What is wrong with it in words, null when it can be taken. */
  fault: string | null
  password: string
  clear: () => void
  fields: ReactNode
}

/** A new password, typed twice. @param prefix  keeps the ids of two such forms apart */
export function useNewPassword(prefix = ''): NewPassword {
  const words = useWords(newPassword)
  const least = useLeastCharacters()
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [visible, setVisible] = useState(false)
  const type = visible ? 'text' : 'password'
  const short = [...password].length < least
  const fields = (
    <>
      <Field
        id={`${prefix}password`}
        type={type}
        label={words.password}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="new-password"
        required
        hint={<StrengthMeter strength={passwordStrength(password, least)} shown={password !== ''} />}
        end={<ShowButton visible={visible} onClick={() => setVisible(!visible)} />}
      />
      <Field
        id={`${prefix}repeated`}
        type={type}
        label={words.repeat}
        value={repeated}
        onChange={(event) => setRepeated(event.target.value)}
        autoComplete="new-password"
        required
        hint={<Match password={password} repeated={repeated} />}
      />
    </>
  )
  return {
    fault: short ? words.tooShort(least) : password === repeated ? null : words.different,
    password,
    clear() {
      setPassword('')
      setRepeated('')
    },
    fields,
  }
}

/** Its line is always there, so that nothing moves when it begins to speak. */
function Match({ password, repeated }: { password: string; repeated: string }) {
  const words = useWords(newPassword)
  const same = password === repeated
  const mark = same ? '✓' : '✗'
  return (
    <span aria-live="polite" className={`block min-h-5 ${same ? 'text-good' : 'text-soft'}`}>
      {repeated === '' ? '' : `${mark} ${same ? words.same : words.different}`}
    </span>
  )
}
