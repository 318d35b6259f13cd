import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Ago } from '#app/_components/ago.tsx'
import { Day } from '#app/_components/day.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { people as area } from '#app/_i18n/people.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { personFor } from '#app/_server/people.ts'
import { Marks } from '#app/(admin)/admin/people/marks.tsx'
import { BackupsCard } from './backups-card.tsx'
import { DoorCard } from './door-card.tsx'
import { RoleCard, SpaceCard } from './rights-cards.tsx'
import { WaysCard } from './ways-card.tsx'

export const generateMetadata = titled(area)

/** One person as a keeper sees them, and what a keeper can do for them, or to them. */
export default async function PersonPage({ params }: { params: Promise<{ id: string }> }) {
  const admin = await requireAdmin()
  const words = await wordsOf(area)
  const one = personFor(admin, (await params).id)
  if (!one) notFound()
  const { person, now, ways, standardQuota } = one
  const isYou = person.id === admin.accountId
  return (
    <>
      <p className="mb-3">
        <Link
          href="/admin/people"
          prefetch={false}
          className="inline-flex items-center gap-1 text-sm font-medium text-ember underline-offset-4 hover:underline"
        >
          <Icon name="back" className="size-4" /> {words.person.back}
        </Link>
      </p>
      <PageHeading
        lead={
          <>
            {words.person.since} <Day at={person.createdAt} />
            {person.lastSeenAt === null ? null : (
              <>
                {' · '}
                {words.list.seen} <Ago at={person.lastSeenAt} now={now} />
              </>
            )}
          </>
        }
      >
        {person.name}
        <Marks person={person} isYou={isYou} words={words.list} />
      </PageHeading>
      <ProofGate member={admin}>
        <div className="grid grid-cols-1 gap-6">
          <BackupsCard person={person} now={now} />
          <div className="grid grid-cols-1 gap-6 md:grid-cols-2">
            <SpaceCard person={person} standardQuota={standardQuota} />
            <RoleCard person={person} isYou={isYou} />
          </div>
          {isYou ? (
            <p className="max-w-prose text-soft">
              {words.person.self}{' '}
              <Link href="/home/account" prefetch={false} className="text-ember underline underline-offset-4">
                {words.person.toOwn}
              </Link>
            </p>
          ) : (
            <>
              <WaysCard ways={ways} person={person} now={now} />
              <DoorCard {...one} />
            </>
          )}
        </div>
      </ProofGate>
    </>
  )
}
