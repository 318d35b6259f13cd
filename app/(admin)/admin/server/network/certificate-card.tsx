import { Card } from '#app/_components/card.tsx'
import { Day } from '#app/_components/day.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { server } from '#app/_i18n/server.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { CertificatesShown } from '#app/_server/server-facts.ts'
import { Facts } from '#app/(admin)/admin/server/facts.tsx'
import { RenewButtons } from './renew-buttons.tsx'

/** The certificate that devices see, and what they compare it with. */
export async function CertificateCard({ certificates }: { certificates: CertificatesShown }) {
  const words = (await wordsOf(server)).certificate
  const { mode, ca, server: own, isTroubled, canRenew, lackingName } = certificates
  return (
    <Card id="certificate-heading" heading={words.heading}>
      {own ? (
        <Facts
          facts={[
            [words.names, own.names?.join(', ') ?? ''],
            [words.until, <Day key="until" at={Date.parse(own.until)} />],
            [words.fingerprint, <Fingerprint key="own" of={own.fingerprint} />],
            ...(ca ? ([[words.authority, <Fingerprint key="ca" of={ca.fingerprint} />]] as const) : []),
          ]}
        />
      ) : (
        <p className="mt-2 text-soft">{mode === 'local-ca' || mode === 'files' ? words.later : words.none}</p>
      )}
      {isTroubled ? <p className="mt-4 font-medium text-bad">{words.troubled}</p> : null}
      {lackingName ? <p className="mt-4 max-w-prose font-medium">{words.lacks(lackingName)}</p> : null}
      <div className="mt-5 flex flex-wrap gap-3">
        {canRenew ? <RenewButtons /> : null}
        {ca && canRenew ? (
          <>
            <a href="/connect/hearthkeep-ca.crt" download className={smallButton.quiet}>
              {words.download}
            </a>
            <a href="/connect" className={smallButton.quiet}>
              {words.connect}
            </a>
          </>
        ) : null}
      </div>
    </Card>
  )
}

function Fingerprint({ of }: { of: string }) {
  return <code className="break-all text-sm">{of}</code>
}
