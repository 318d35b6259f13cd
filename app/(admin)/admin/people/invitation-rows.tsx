import { AskFirst } from '#app/_components/ask-first.tsx'
import { Day } from '#app/_components/day.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { people as area } from '#app/_i18n/people.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { ListedInvitation } from '#app/_server/people.ts'
import { revokeInvitation } from './actions.ts'

/** Invitations with what became of them. */
export async function InvitationRows({ invitations }: { invitations: ListedInvitation[] }) {
  const words = (await wordsOf(area)).invitations
  const language = await languageOfPage()
  return (
    <ul className="mt-3 divide-y divide-line">
      {invitations.map(({ id, state, role, used, uses, quotaBytes, joined, createdAt, expiresAt }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
          <div className="min-w-0 flex-1 basis-56">
            <p className="font-medium">
              <span className={state === 'good' ? 'text-good' : 'text-soft'}>{words.state[state]}</span>
              {' · '}
              {words.used(used, uses)}
              {role === 'admin' ? <span className="text-ember"> · {words.forAdmin}</span> : null}
            </p>
            <p className="text-sm text-soft">
              {words.madeAt} <Day at={createdAt} />, {words.until} <Day at={expiresAt} />
              {quotaBytes === null ? null : ` · ${words.quota(formatSize(quotaBytes, language))}`}
            </p>
            {joined.length > 0 ? <p className="break-words text-sm">{words.joined(joined.join(', '))}</p> : null}
          </div>
          {state === 'good' ? (
            <AskFirst
              words={words.revoke}
              label={words.revokeOf(new Date(createdAt).toISOString().slice(0, 10))}
              heading={words.revokeHeading}
              action={revokeInvitation.bind(null, id)}
              done={words.revoked}
            >
              <p>{words.revokeText}</p>
            </AskFirst>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
