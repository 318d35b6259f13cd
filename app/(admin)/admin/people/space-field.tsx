import { Field } from '#app/_components/field.tsx'
import type { people } from '#app/_i18n/people.ts'
import { readGigabytes, writeGigabytes } from './read-gigabytes.ts'

type Props = {
  id: string
  words: (typeof people)['en']['space']
  /** What everybody has, in words. */
  standard: string
  /** Bytes; null = as everybody has. */
  own?: number | null
}

/** How much somebody may keep; goes as `space`. */
export function SpaceField({ id, words, standard, own = null }: Props) {
  return (
    <Field
      id={id}
      name="space"
      type="text"
      inputMode="decimal"
      label={words.label}
      hint={words.hint(standard)}
      defaultValue={writeGigabytes(own)}
      autoComplete="off"
      maxLength={20}
    />
  )
}

export function isSpaceInvalid(form: FormData): boolean {
  return readGigabytes(String(form.get('space') ?? '')) === 'invalid'
}
