import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { people as area } from '#app/_i18n/people.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { People } from '#app/_server/people.ts'
import { InvitationRows } from './invitation-rows.tsx'
import { Invite } from './invite.tsx'

const spentShown = 3

/** Those that are open, the last few that are not, and the way to make one. */
export async function InvitationsCard({ invitations, policy, standardQuota }: People) {
  const words = (await wordsOf(area)).invitations
  const language = await languageOfPage()
  const open = invitations.filter(({ state }) => state === 'good')
  const spent = invitations.filter(({ state }) => state !== 'good')
  const older = spent.slice(spentShown)
  return (
    <Card id="invitations" heading={words.heading}>
      <p className="mt-1 max-w-prose text-soft">{words.lead}</p>
      {policy === 'open' ? <p className="mt-3 max-w-prose font-medium text-bad">{words.open}</p> : null}
      {policy === 'closed' ? (
        <p className="mt-3 max-w-prose font-medium">{words.closed}</p>
      ) : (
        <Invite standard={formatSize(standardQuota, language)} />
      )}
      {invitations.length === 0 ? (
        <p className="mt-4 text-soft">{words.none}</p>
      ) : (
        <InvitationRows invitations={[...open, ...spent.slice(0, spentShown)]} />
      )}
      {older.length > 0 ? (
        <details className="mt-2">
          <summary className="cursor-pointer rounded text-sm text-ember">{words.more(older.length)}</summary>
          <InvitationRows invitations={older} />
        </details>
      ) : null}
    </Card>
  )
}
