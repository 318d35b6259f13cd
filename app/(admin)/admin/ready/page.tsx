import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { Card } from '#app/_components/card.tsx'
import { CopyButton } from '#app/_components/copy-button.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { QrCode } from '#app/_components/qr-code.tsx'
import { connect } from '#app/_i18n/connect.ts'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { connectionFor, connectPage } from '#app/_server/connection.ts'
import { Opening } from './opening.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).ready.title }
}

/** After set-up: how devices reach this server, and what to do first. */
export default async function ReadyPage() {
  await requireAdmin()
  const words = (await wordsOf(area)).ready
  const { copy, copied, copyWhat } = (await wordsOf(connect)).apps
  const page = connectPage()
  const connection = connectionFor((await headers()).get('host'))
  const address = connection?.addresses[0]
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
        <Card id="address" heading={words.address}>
          {address ? (
            <p className="mt-3 flex items-center justify-between gap-3">
              <code className="min-w-0 break-all text-lg text-ember">{address}</code>
              <CopyButton text={address} words={{ copy, copied }} label={copyWhat(address)} />
            </p>
          ) : page === null ? (
            <p className="mt-3">{words.plain}</p>
          ) : (
            <Opening opening={words.opening} stuck={words.stuck} />
          )}
          {connection ? <p className="mt-4 text-sm text-soft">{words.passkey}</p> : null}
        </Card>
        <Card id="next" heading={words.next.heading}>
          <ul className="mt-3 grid gap-3">
            <Next href="/admin/people">{words.next.invite}</Next>
            <Next href="/admin/snapshots">{words.next.snapshots}</Next>
            <Next href="/home">{words.next.own}</Next>
          </ul>
        </Card>
        {page && connection ? (
          <Card id="devices" heading={words.devices.heading}>
            <p className="mt-2 text-soft">{words.devices.text}</p>
            <div className="mt-4">
              <QrCode text={page} label={words.devices.code(page)} />
            </div>
            <p className="mt-3 break-all">
              <code>{page}</code>
            </p>
            {connection.ca ? (
              <>
                <p className="mt-4 text-sm text-soft">{words.devices.fingerprint}</p>
                <code className="mt-1 block break-all text-sm">{connection.ca.fingerprint}</code>
              </>
            ) : null}
          </Card>
        ) : null}
      </div>
    </>
  )
}

function Next({ href, children }: { href: string; children: string }) {
  return (
    <li>
      <a
        className="block rounded-xl border border-edge px-4 py-3 font-medium hover:border-ember hover:text-ember"
        href={href}
      >
        {children}
      </a>
    </li>
  )
}
