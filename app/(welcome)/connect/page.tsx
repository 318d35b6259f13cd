import type { Metadata } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Hearth } from '#app/_components/hearth.tsx'
import { connect } from '#app/_i18n/en/connect.ts'
import { type Connection, connectionFor } from '#app/_server/connection.ts'
import { AppAddresses } from './app-addresses.tsx'
import { systemOf } from './system-of.ts'
import { TrustCheck } from './trust-check.tsx'
import { TrustSteps } from './trust-steps.tsx'

export const metadata: Metadata = { title: connect.title }

/** The one page that plain HTTP gives to the house (design §7): how a device comes to trust this server. */
export default async function Connect() {
  const sent = await headers()
  const connection = connectionFor(sent.get('host'))
  return (
    <main className="mx-auto max-w-2xl px-5 py-14 sm:py-20">
      <Hearth />
      <h1 className="mt-6 text-3xl font-semibold tracking-tight sm:text-4xl">
        {connection ? connect.heading : connect.off.heading}
      </h1>
      <p className="mt-3 text-lg text-soft">{connection ? connect.lead : connect.off.lead}</p>
      {connection ? <Ways connection={connection} userAgent={sent.get('user-agent') ?? ''} /> : null}
    </main>
  )
}

function Ways({ connection, userAgent }: { connection: Connection; userAgent: string }) {
  return (
    <>
      <Card id="trust" heading={connect.trust.heading}>
        {connection.ca ? (
          <>
            <p className="mt-2 text-soft">{connect.trust.lead}</p>
            <TrustSteps own={systemOf(userAgent)} />
            <Fingerprint {...connection.ca} />
          </>
        ) : (
          <p className="mt-2 text-soft">{connect.trust.others}</p>
        )}
        <TrustCheck address={connection.here} />
      </Card>
      <Card id="apps" heading={connect.apps.heading}>
        <p className="mt-2 text-soft">{connect.apps.lead}</p>
        <AppAddresses addresses={connection.addresses} />
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

function Fingerprint({ name, fingerprint }: { name: string; fingerprint: string }) {
  const words = connect.trust.fingerprint
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
