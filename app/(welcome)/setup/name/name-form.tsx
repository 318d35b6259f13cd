'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { name as nameServer } from '#app/(welcome)/setup/actions.ts'
import { Choice, Choices } from '#app/(welcome)/setup/choice.tsx'
import { Pinned } from '#app/(welcome)/setup/setup-frame-parts.tsx'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

type Given = { value: string; isPinned: boolean }
type Props = {
  hostname: Given
  tls: Given
  /** Paths of files. */
  certificate: string
  privateKey: string
  publicUrl: string
  proxies: string
}

const ways = ['local-ca', 'files', 'proxy'] as const
type Way = (typeof ways)[number]

export function NameForm({ hostname, tls, ...known }: Props) {
  const { words, busy, trouble, answer } = useSetup()
  const { name } = words
  const [way, setWay] = useState<Way>(ways.find((one) => one === tls.value) ?? 'local-ca')

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (field: string) => String(data.get(field) ?? '').trim()
    const own = { hostname: hostname.isPinned ? hostname.value : text('hostname') }
    // What the environment says is left as it is, whatever stands here.
    const given =
      tls.isPinned || way === 'local-ca'
        ? { ...own, tls: 'local-ca' as const }
        : way === 'files'
          ? { ...own, tls: way, certificate: text('certificate'), key: text('key') }
          : { ...own, tls: way, publicUrl: text('publicUrl'), proxies: text('proxies') }
    void answer(() => nameServer(given), '/setup/storage')
  }

  return (
    <form method="dialog" onSubmit={submit}>
      {hostname.isPinned ? (
        <Pinned>
          <code className="break-all text-ink">{hostname.value}</code>: {words.pinned('HEARTHKEEP_HOSTNAME')}
        </Pinned>
      ) : (
        <Field
          id="hostname"
          name="hostname"
          type="text"
          label={name.hostname}
          defaultValue={hostname.value}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={253}
          required
          hint={name.hostnameHint}
        />
      )}
      {tls.isPinned ? (
        <Pinned>
          {name.ways[tls.value as Way | 'off'].label}: {words.pinned('HEARTHKEEP_TLS')}
        </Pinned>
      ) : (
        <Choices legend={name.vouch}>
          {ways.map((one) => (
            <Choice
              key={one}
              name="way"
              value={one}
              {...name.ways[one]}
              checked={way === one}
              onChange={() => setWay(one)}
            >
              {one === 'files' ? (
                <>
                  <Field
                    id="certificate"
                    name="certificate"
                    label={name.certificate}
                    defaultValue={known.certificate}
                    required
                  />
                  <Field id="key" name="key" label={name.key} defaultValue={known.privateKey} required />
                </>
              ) : null}
              {one === 'proxy' ? (
                <>
                  <Field
                    id="publicUrl"
                    name="publicUrl"
                    type="url"
                    label={name.publicUrl}
                    defaultValue={known.publicUrl}
                    required
                    hint={name.publicUrlHint}
                  />
                  <Field
                    id="proxies"
                    name="proxies"
                    label={name.proxies}
                    defaultValue={known.proxies || '127.0.0.1'}
                    required
                    hint={name.proxiesHint}
                  />
                </>
              ) : null}
            </Choice>
          ))}
        </Choices>
      )}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.busy : words.go}</Button>
    </form>
  )
}
