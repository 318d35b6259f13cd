import type { PasskeyTrouble } from '#app/_crypto/passkey-ceremony.ts'
import { passkeyTrouble } from '#app/_i18n/passkeys.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** Why a passkey does not work here, and where it would. */
export function PasskeyTroubleWords({ why, elsewhere }: { why: PasskeyTrouble; elsewhere: string | null }) {
  const words = useWords(passkeyTrouble)
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
