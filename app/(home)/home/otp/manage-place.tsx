'use client'

import { AskFirst } from '#app/_components/ask-first.tsx'
import { Field } from '#app/_components/field.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OtpPlace } from '#app/_server/otp.ts'
import { changePin, removePlace, renamePlace } from './actions.ts'
import { leastPinCharacters } from './new-place.tsx'
import { PinField } from './pin-field.tsx'
import { useNameOf, useOtpWords } from './use-otp-trouble.ts'

type Props = {
  place: OtpPlace
  /** The PIN is another one now. */
  onPinChanged?: () => void
}

/** What can be done with a place as a whole. Deleting asks for no PIN: whoever forgot it must be able to start again. */
export function ManagePlace({ place, onPinChanged }: Props) {
  const area = useWords(otp)
  const words = area.manage
  const name = useNameOf()(place)
  const own = useOtpWords()
  const id = `place-${place.id}`

  function faultOfPins(form: FormData): string | null {
    const pin = text(form, 'new')
    if ([...pin].length < leastPinCharacters) return area.place.tooShort
    return pin === text(form, 'repeated') ? null : area.place.different
  }

  return (
    <div className="flex flex-wrap gap-2">
      <AskFirst
        look="quiet"
        words={words.rename}
        label={words.renameOf(name)}
        heading={words.renameOf(name)}
        confirm={words.save}
        own={own}
        action={(form) => renamePlace({ deviceId: place.id, name: text(form, 'name') })}
        done={words.renamed}
      >
        <Field id={`${id}-name`} name="name" label={words.name} defaultValue={place.name} maxLength={200} required />
      </AskFirst>
      <AskFirst
        look="quiet"
        words={words.pin}
        label={words.pinOf(name)}
        heading={words.pinOf(name)}
        confirm={words.save}
        check={faultOfPins}
        own={{ ...own, 'otp.pin_wrong': words.pinWrong }}
        action={(form) =>
          changePin({ deviceId: place.id, password: text(form, 'old'), newPassword: text(form, 'new') })
        }
        done={words.pinChanged}
        {...(onPinChanged ? { onDone: onPinChanged } : {})}
      >
        <p className="text-soft">{words.pinText}</p>
        <PinField id={`${id}-old`} name="old" label={words.oldPin} />
        <PinField id={`${id}-new`} name="new" label={words.newPin} hint={area.place.pinHint} />
        <PinField id={`${id}-repeated`} name="repeated" label={words.repeat} />
      </AskFirst>
      <AskFirst
        words={words.remove}
        label={words.removeOf(name)}
        heading={words.removeHeading(name)}
        own={own}
        action={() => removePlace(place.id)}
        done={words.removed}
      >
        <p>{words.removeText}</p>
      </AskFirst>
    </div>
  )
}

function text(form: FormData, field: string): string {
  return String(form.get(field) ?? '')
}
