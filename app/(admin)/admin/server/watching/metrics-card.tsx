'use client'

import { useState } from 'react'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { CopyButton } from '#app/_components/copy-button.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { server } from '#app/_i18n/server.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { makeMetricsToken, saveSettings } from '#app/(admin)/admin/server/actions.ts'

type Props = { isSet: boolean; isPinned: boolean; address: string }

/** The token for `/metrics`: made here, shown once, and how it is used. */
export function MetricsCard({ isSet, isPinned, address }: Props) {
  const words = useWords(server).metrics
  const guard = useGuard()
  const [token, setToken] = useState<string | null>(null)

  async function make() {
    const outcome = await guard(makeMetricsToken)
    if (outcome.ok) setToken(outcome.value)
    return outcome
  }

  async function forget() {
    const outcome = await guard(() => saveSettings({ HEARTHKEEP_METRICS_TOKEN: null }))
    if (outcome.ok) setToken(null)
    return outcome
  }

  return (
    <Card id="metrics-heading" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      <p className="mt-3">{isPinned ? words.pinned : isSet ? words.set : words.unset}</p>
      {isPinned ? null : (
        <div className="mt-4 flex flex-wrap gap-3">
          <AskFirst
            words={isSet ? words.replace : words.make}
            heading={isSet ? words.replace : words.make}
            look="main"
            action={make}
            done={words.made}
          >
            {isSet ? words.replaceText : words.makeText}
          </AskFirst>
          {isSet ? (
            <AskFirst words={words.forget} heading={words.forget} action={forget} done={words.forgotten}>
              {words.forgetText}
            </AskFirst>
          ) : null}
        </div>
      )}
      {token ? <Shown token={token} address={address} /> : null}
    </Card>
  )
}

function Shown({ token, address }: { token: string; address: string }) {
  const words = useWords(server).metrics
  const { protocol, host } = new URL(address)
  const configuration = [
    'scrape_configs:',
    '  - job_name: hearthkeep',
    `    scheme: ${protocol.slice(0, -1)}`,
    '    authorization:',
    `      credentials: ${token}`,
    '    static_configs:',
    `      - targets: ['${host}']`,
    '',
  ].join('\n')
  return (
    <div className="mt-5">
      <p className="font-medium">{words.once}</p>
      <p className="mt-1">
        <code className="break-all">{token}</code>
      </p>
      <p className="mt-4 flex flex-wrap items-center justify-between gap-3 font-medium">
        {words.how}
        <CopyButton text={configuration} words={words} label={words.copyLabel} />
      </p>
      <pre className="mt-2 whitespace-pre-wrap break-all rounded-xl border border-line p-3 text-sm">
        {configuration}
      </pre>
    </div>
  )
}
