import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { people as area } from '#app/_i18n/people.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { peopleFor } from '#app/_server/people.ts'
import { Board } from './board.tsx'
import { InvitationsCard } from './invitations-card.tsx'
import { PersonCard } from './person-card.tsx'

export const generateMetadata = titled(area)

/** Everybody, how fresh their backups are, and who is invited. */
export default async function PeoplePage() {
  const admin = await requireAdmin()
  const words = await wordsOf(area)
  const all = peopleFor(admin)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate member={admin}>
        <div className="grid grid-cols-1 gap-6">
          <Board people={all.people} />
          <InvitationsCard {...all} />
          <section aria-labelledby="everybody">
            <h2 id="everybody" className="text-lg font-semibold">
              {words.list.heading}
            </h2>
            <ul className="mt-3 grid grid-cols-1 gap-5">
              {all.people.map((person) => (
                <PersonCard key={person.id} person={person} isYou={person.id === admin.accountId} now={all.now} />
              ))}
            </ul>
          </section>
        </div>
      </ProofGate>
    </>
  )
}
