import type { Metadata } from 'next'
import { EmptyState } from '#app/_components/empty-state.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { otp as words } from '#app/_i18n/en/otp.ts'
import { requireMember } from '#app/_server/member.ts'
import { otpPlacesOf } from '#app/_server/otp.ts'
import { Codes } from './codes.tsx'
import { NewPlace } from './new-place.tsx'

export const metadata: Metadata = { title: words.title }

/** Places for codes, each behind its PIN. */
export default async function OtpPage() {
  const places = otpPlacesOf(await requireMember())
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <div className="grid grid-cols-1 gap-5">
        {places.length === 0 ? (
          <EmptyState icon="codes" heading={words.empty.heading}>
            {words.empty.text}
          </EmptyState>
        ) : (
          <Codes places={places} />
        )}
        <NewPlace isFirst={places.length === 0} />
      </div>
    </>
  )
}
