import type { ReactNode, Ref } from 'react'
import { Field } from './field.tsx'

type Props = {
  label: string
  hint: ReactNode
  /** Of four characters. */
  groups: number
  ref?: Ref<HTMLInputElement>
}

/** For a code that somebody reads off a paper or another screen; the server takes it however it is typed. */
export function CodeField({ groups, ...field }: Props) {
  return (
    <Field
      {...field}
      id="code"
      name="code"
      type="text"
      placeholder={Array(groups).fill('XXXX').join('-')}
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      maxLength={100}
      required
    />
  )
}
