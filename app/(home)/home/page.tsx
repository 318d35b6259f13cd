import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { Icon } from '#app/_components/icon.tsx'
import { NoticeList } from '#app/_components/notice-list.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { overview } from '#app/_i18n/overview.ts'
import { languageOfPage, titled, wordsOf } from '#app/_i18n/words-of.ts'
import { overviewOf } from '#app/_server/home.ts'
import { requireMember } from '#app/_server/member.ts'
import { ConcernList } from './concern-list.tsx'
import { KeptBackups } from './kept-backups.tsx'
import { KeptCloud } from './kept-cloud.tsx'
import { KeptCodes } from './kept-codes.tsx'
import { KeptPersonas } from './kept-personas.tsx'

export const generateMetadata = titled(overview)

/** Everything at a glance: what is kept, from where, how long ago, how much room, and what needs attention. */
export default async function HomePage() {
  const member = await requireMember()
  const words = await wordsOf(overview)
  const language = await languageOfPage()
  const { usage, slots, personas, backups, otpDevices, newestAt, concerns, now } = overviewOf(member)
  const used = words.space.used(formatSize(usage.live, language), formatSize(usage.quota, language))
  return (
    <>
      <PageHeading
        lead={
          <>
            {concerns.length === 0 ? (
              <span className="inline-flex items-center gap-2 text-good">
                <Icon name="good" /> {words.allWell}
              </span>
            ) : null}{' '}
            {newestAt === null ? null : (
              <span>
                {words.lastKept} <Ago at={newestAt} now={now} />.
              </span>
            )}
          </>
        }
      >
        {words.heading(shortName(member.name))}
      </PageHeading>
      <NoticeList member={member} />
      <div className="grid grid-cols-1 gap-5">
        {concerns.length > 0 ? <ConcernList concerns={concerns} now={now} /> : null}
        <Card id="space" heading={words.space.heading}>
          <p className="mt-1">{used}</p>
          <UsageBar used={usage.live} total={usage.quota} label={used} warns />
          <p className="mt-3 text-sm text-soft">
            {usage.history > 0 ? words.space.history(formatSize(usage.history, language)) : words.space.noHistory}
          </p>
        </Card>
        <div className="grid grid-cols-1 gap-5 md:grid-cols-2">
          <Card id="cloud" heading={words.cloud.heading} end={<More href="/home/cloud" what={words.cloud.heading} />}>
            <KeptCloud slots={slots} now={now} />
          </Card>
          <Card
            id="personas"
            heading={words.personas.heading}
            end={<More href="/home/personas" what={words.personas.heading} />}
          >
            <KeptPersonas personas={personas.newest} total={personas.total} now={now} />
          </Card>
          <Card
            id="backups"
            heading={words.backups.heading}
            end={<More href="/home/backups" what={words.backups.heading} />}
          >
            <KeptBackups backups={backups} owner={member.accountId} now={now} />
          </Card>
          <Card id="codes" heading={words.codes.heading} end={<More href="/home/otp" what={words.codes.heading} />}>
            <KeptCodes devices={otpDevices} />
          </Card>
        </div>
      </div>
    </>
  )
}

async function More({ href, what }: { href: string; what: string }) {
  const words = await wordsOf(overview)
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={`${what}: ${words.details}`}
      className="inline-flex items-center gap-1 text-sm font-medium text-ember underline-offset-4 hover:underline"
    >
      {words.details} <Icon name="next" className="size-4" />
    </Link>
  )
}

/** `mum@home.example` → `mum`: what one calls a person. */
function shortName(name: string): string {
  return name.split('@', 1)[0] || name
}
