'use client'

import { useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'

const leastCharacters = 13

/** A passphrase that is chosen now, typed twice. @returns its fields, and what is wrong with it in words */
export function useNewPassphrase(id: string) {
  const words = useWords(backups).passphrase
  const [text, setText] = useState('')
  const [repeated, setRepeated] = useState('')
  const isShort = [...text.normalize('NFKC')].length < leastCharacters
  const fields = (
    <>
      <Field
        id={`${id}-new`}
        type="password"
        label={words.new}
        hint={words.newHint}
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoComplete="off"
        required
      />
      <Field
        id={`${id}-repeat`}
        type="password"
        label={words.repeat}
        value={repeated}
        onChange={(event) => setRepeated(event.target.value)}
        autoComplete="off"
        required
      />
    </>
  )
  const clear = () => {
    setText('')
    setRepeated('')
  }
  return { text, fields, clear, fault: isShort ? words.tooShort : text === repeated ? null : words.different }
}
