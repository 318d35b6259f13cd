'use client'

import { useState } from 'react'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Field } from '#app/_components/field.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { Select } from '#app/_components/select.tsx'
import { useZonedDate } from '#app/_components/use-zoned-date.ts'
import { people } from '#app/_i18n/people.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { MadeInvitation } from '#app/_server/people.ts'
import { makeInvitation } from './actions.ts'
import { Handout } from './handout.tsx'
import { isSpaceInvalid, SpaceField } from './space-field.tsx'

const days = [1, 7, 30]
const usualDays = 7

type Made = MadeInvitation & { isForAdmin: boolean }

/** Makes an invitation and shows it, once. @param standard  the space that everybody has, in words */
export function Invite({ standard }: { standard: string }) {
  const words = useWords(people)
  const text = words.invitations
  const guard = useGuard()
  const [made, setMade] = useState<Made | null>(null)

  async function make(form: FormData) {
    const outcome = await guard(() => makeInvitation(form))
    if (outcome.ok) setMade({ ...outcome.value, isForAdmin: form.get('role') === 'admin' })
    return outcome
  }

  return (
    <>
      <div className="mt-4">
        <AskFirst
          words={text.invite}
          heading={text.inviteHeading}
          look="main"
          confirm={text.make}
          check={(form) => faultIn(form, words)}
          action={make}
          done={text.made}
          own={{ 'auth.registration_closed': text.closed }}
        >
          <Select id="invite-role" name="role" label={text.role}>
            <option value="member">{text.member}</option>
            <option value="admin">{text.admin}</option>
          </Select>
          <Field
            id="invite-uses"
            name="uses"
            type="text"
            inputMode="numeric"
            label={text.uses}
            defaultValue="1"
            autoComplete="off"
            maxLength={4}
            required
          />
          <Select id="invite-days" name="days" label={text.days} defaultValue={String(usualDays)}>
            {days.map((count) => (
              <option key={count} value={count}>
                {text.dayCount(count)}
              </option>
            ))}
          </Select>
          <SpaceField id="invite-space" words={words.space} standard={standard} />
        </AskFirst>
      </div>
      {made ? <InvitationSheet made={made} onClose={() => setMade(null)} /> : null}
    </>
  )
}

function faultIn(form: FormData, words: (typeof people)['en']): string | null {
  const uses = String(form.get('uses') ?? '').trim()
  if (!/^\d{1,4}$/.test(uses) || Number(uses) < 1 || Number(uses) > 1_000) return words.invitations.usesInvalid
  return isSpaceInvalid(form) ? words.space.invalid : null
}

function InvitationSheet({ made, onClose }: { made: Made; onClose: () => void }) {
  const words = useWords(people).sheet.invitation
  const { link, code, typeAt, expiresAt, isForAdmin } = made
  const until = useZonedDate(expiresAt, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <Handout
      // A new one takes the place of the one before, with the focus.
      key={code}
      heading={words.heading}
      lead={isForAdmin ? words.adminOnce : words.once}
      link={link}
      code={{ text: code, at: typeAt }}
      message={words.message(link, code, typeAt, until)}
      onClose={onClose}
    />
  )
}
