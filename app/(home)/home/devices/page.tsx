import Link from 'next/link'
import type { ReactNode } from 'react'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { ConnectLink } from '#app/_components/connect-link.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { devices } from '#app/_i18n/devices.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { devicesOf } from '#app/_server/devices.ts'
import { requireMember } from '#app/_server/member.ts'
import { endOtherSessions } from './actions.ts'
import { CloudRows } from './cloud-rows.tsx'
import { DeviceRows } from './device-row.tsx'
import { KeyRows } from './key-rows.tsx'
import { SessionRows } from './session-rows.tsx'

export const generateMetadata = titled(devices)

/** Everything that acts as the member, by what it is for, with the ways to stop it. */
export default async function DevicesPage() {
  const member = await requireMember()
  const words = await wordsOf(devices)
  const { browsers, cloud, cloudApps, codeApps, keys, now } = devicesOf(member)
  const signedIn = cloud.filter(({ lastSeenAt }) => lastSeenAt !== null)
  const others = browsers.length + signedIn.length + cloudApps.length + codeApps.length > 1
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <div className="grid gap-6">
        <Card id="browsers" heading={words.browsers.heading}>
          <p className="mt-1 text-soft">{words.browsers.lead}</p>
          <DeviceRows>
            <SessionRows sessions={browsers} now={now} words={words} />
          </DeviceRows>
        </Card>
        {cloud.length + cloudApps.length > 0 ? (
          <Card id="cloud" heading={words.cloud.heading} end={<More href="/home/cloud">{words.cloud.manage}</More>}>
            <p className="mt-1 text-soft">{words.cloud.lead}</p>
            <DeviceRows>
              <CloudRows devices={cloud} now={now} words={words} />
              <SessionRows sessions={cloudApps} now={now} words={words} about={words.cloud.shared} />
            </DeviceRows>
          </Card>
        ) : null}
        {codeApps.length > 0 ? (
          <Card id="codes" heading={words.codes.heading}>
            <p className="mt-1 text-soft">{words.codes.lead}</p>
            <DeviceRows>
              <SessionRows sessions={codeApps} now={now} words={words} />
            </DeviceRows>
          </Card>
        ) : null}
        {keys.length > 0 ? (
          <Card id="keys" heading={words.keys.heading} end={<More href="/home/sync">{words.keys.manage}</More>}>
            <p className="mt-1 text-soft">{words.keys.lead}</p>
            <DeviceRows>
              <KeyRows keys={keys} now={now} words={words} />
            </DeviceRows>
          </Card>
        ) : null}
        {others ? (
          <div>
            <AskFirst
              words={words.endOthers}
              heading={words.endOthersHeading}
              action={endOtherSessions}
              done={words.endedOthers}
            >
              <p>{words.endOthersText}</p>
            </AskFirst>
          </div>
        ) : null}
        <ConnectLink />
      </div>
    </>
  )
}

function More({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="text-sm text-ember underline underline-offset-4">
      {children}
    </Link>
  )
}
