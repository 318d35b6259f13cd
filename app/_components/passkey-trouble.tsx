import type { PasskeyTrouble } from '#app/_crypto/passkey-ceremony.ts'
import { passkeyTrouble as words } from '#app/_i18n/en/passkeys.ts'

/** Why a passkey does not work here, and where it would. */
export function PasskeyTroubleWords({ why, elsewhere }: { why: PasskeyTrouble; elsewhere: string | null }) {
  const leads = elsewhere !== null && (why === 'address' || why === 'noTls')
  return (
    <>
      {words[why]}
      {leads ? (
        <>
          {' '}
          <a className="font-medium underline underline-offset-4" href={elsewhere}>
            {words.addressBetter}
          </a>
        </>
      ) : null}
    </>
  )
}
