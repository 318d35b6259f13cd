import { EmptyState } from '#app/_components/empty-state.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { otpPlacesOf } from '#app/_server/otp.ts'
import { Codes } from './codes.tsx'
import { NewPlace } from './new-place.tsx'

export const generateMetadata = titled(otp)

/** Places for codes, each behind its PIN. */
export default async function OtpPage() {
  const [member, words] = await Promise.all([requireMember(), wordsOf(otp)])
  const places = otpPlacesOf(member)
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
