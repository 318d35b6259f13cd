'use client'

import { useRef } from 'react'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Field } from '#app/_components/field.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { labelOf } from '#client/surfaces/otp/otp.ts'
import { partLabel } from '#client/surfaces/otp/stored-otp.ts'
import { removeCode, renameCode } from './actions.ts'
import { useOtpWords } from './use-otp-trouble.ts'

type Props = { code: OpenedOtp; onRename: (account: string) => void; onRemove: () => void }

/** What a code is called, and its end. Names are not secret and nothing else about a code can be changed. */
export function EditCode({ code, onRename, onRemove }: Props) {
  const words = useWords(otp).list
  const own = useOtpWords()
  const { id, account } = code
  const { issuer, name } = partLabel(account)
  // A label in one piece says whose code it is.
  const [by, user] = issuer === '' ? [name, ''] : [issuer, name]
  const given = useRef(account)

  return (
    <AskFirst
      look="quiet"
      words={words.edit}
      label={words.editOf(account)}
      heading={words.editOf(account)}
      confirm={words.save}
      own={own}
      check={(form) => (labelIn(form) === '' ? words.needsName : null)}
      action={(form) => {
        given.current = labelIn(form)
        return renameCode({ otpId: id, account: given.current })
      }}
      done={words.saved}
      onDone={() => onRename(given.current)}
      below={
        <AskFirst
          words={words.remove}
          label={words.removeOf(account)}
          heading={words.removeHeading(account)}
          own={own}
          action={() => removeCode(id)}
          done={words.removed}
          onDone={onRemove}
        >
          <p>{words.removeText}</p>
        </AskFirst>
      }
    >
      <Field id={`code-${id}-issuer`} name="issuer" label={words.issuer} defaultValue={by} maxLength={200} />
      <Field id={`code-${id}-name`} name="name" label={words.name} defaultValue={user} maxLength={200} />
    </AskFirst>
  )
}

function labelIn(form: FormData): string {
  const [issuer, name] = ['issuer', 'name'].map((field) => String(form.get(field) ?? '').trim())
  return labelOf({ issuer: issuer ?? '', name: name ?? '' })
}
