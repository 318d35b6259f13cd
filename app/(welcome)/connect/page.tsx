import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Hearth } from '#app/_components/hearth.tsx'
import { LanguageSwitch } from '#app/_components/language-switch.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { connect } from '#app/_i18n/connect.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { type Connection, connectionFor } from '#app/_server/connection.ts'
import { currentMember, type Member } from '#app/_server/member.ts'
import { AddDevice } from './add-device.tsx'
import { AppAddresses } from './app-addresses.tsx'
import { JoinNext } from './join-next.tsx'
import { systemOf } from './system-of.ts'
import { TrustCheck } from './trust-check.tsx'
import { TrustSteps } from './trust-steps.tsx'

export const generateMetadata = titled(connect)

type Words = (typeof connect)['en']

/** The one page that plain HTTP gives to the house (design §7): how a device comes to trust this server. */
export default async function Connect() {
  const sent = await headers()
  const connection = connectionFor(sent.get('host'))
  const words = await wordsOf(connect)
  const member = await currentMember()
  return (
    <div className="mx-auto flex min-h-dvh max-w-2xl flex-col px-5 pt-14 pb-8 sm:pt-20">
      <main>
        <Hearth />
        <h1 className="mt-6 text-3xl font-semibold tracking-tight sm:text-4xl">
          {connection ? words.heading : words.off.heading}
        </h1>
        <p className="mt-3 text-lg text-soft">{connection ? words.lead : words.off.lead}</p>
        {connection ? <JoinNext address={connection.here} /> : null}
        {connection && member ? <Another member={member} words={words} /> : null}
        {connection ? <Ways connection={connection} userAgent={sent.get('user-agent') ?? ''} words={words} /> : null}
      </main>
      <footer className="mt-auto flex justify-center pt-12">
        <LanguageSwitch />
      </footer>
    </div>
  )
}

/** For who is signed in: their next device, and for an admin the next person. */
function Another({ member, words }: { member: Member; words: Words }) {
  return (
    <Card id="pair" heading={words.pair.heading}>
      <ProofGate member={member}>
        <AddDevice isAdmin={member.role === 'admin'} />
      </ProofGate>
    </Card>
  )
}

type WaysProps = { connection: Connection; userAgent: string; words: Words }

function Ways({ connection, userAgent, words }: WaysProps) {
  return (
    <>
      <Card id="trust" heading={words.trust.heading}>
        {connection.ca ? (
          <>
            <p className="mt-2 text-soft">{words.trust.lead}</p>
            <TrustSteps own={systemOf(userAgent)} words={words} />
            <Fingerprint {...connection.ca} words={words.trust.fingerprint} />
          </>
        ) : (
          <p className="mt-2 text-soft">{words.trust.others}</p>
        )}
        <TrustCheck address={connection.here} words={words.check} />
      </Card>
      <Card id="apps" heading={words.apps.heading}>
        <p className="mt-2 text-soft">{words.apps.lead}</p>
        <AppAddresses addresses={connection.addresses} words={words.apps} />
      </Card>
    </>
  )
}

function Card({ id, heading, children }: { id: string; heading: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="mt-8 rounded-2xl border border-line bg-card p-6">
      <h2 id={id} className="text-lg font-semibold">
        {heading}
      </h2>
      {children}
    </section>
  )
}

type FingerprintProps = { name: string; fingerprint: string; words: Words['trust']['fingerprint'] }

function Fingerprint({ name, fingerprint, words }: FingerprintProps) {
  return (
    <>
      <h3 className="mt-6 font-medium">{words.heading}</h3>
      <p className="mt-1 text-soft">{words.lead}</p>
      <p className="mt-2 text-sm">
        {words.name}: {name}
      </p>
      <code className="mt-1 block break-all text-sm">{fingerprint}</code>
    </>
  )
}
