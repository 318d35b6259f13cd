'use client'

import { type FormEvent, useRef, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { server } from '#app/_i18n/server.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { keepMail, sendTestMail } from '#app/(welcome)/setup/actions.ts'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

type Props = {
  /** What is set is not shown again: it holds a password. */
  isSet: boolean
  /** Name of the keeper, whom a test mail may go to. */
  keeper: string
  from: string
}

const next = '/setup/people'
const securities = { tls: 465, starttls: 587, none: 25 } as const
type Security = keyof typeof securities

export function MailForm({ isSet, keeper, from }: Props) {
  const { words, busy, trouble, setTrouble, answer } = useSetup()
  const mailTest = useWords(server).test
  const { mail } = words
  const form = useRef<HTMLFormElement>(null)
  const [security, setSecurity] = useState<Security>('starttls')
  const [port, setPort] = useState<string>(String(securities.starttls))
  const [sentTo, setSentTo] = useState<string | null>(null)

  function choose(chosen: Security) {
    if (port === String(securities[security])) setPort(String(securities[chosen]))
    setSecurity(chosen)
  }

  function given() {
    const data = new FormData(form.current ?? undefined)
    const text = (field: string) => String(data.get(field) ?? '')
    return {
      host: text('host').trim(),
      port: Number(port),
      security,
      user: text('user').trim(),
      password: text('password'),
      from: text('from').trim(),
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    void answer(() => keepMail(given()), next)
  }

  function troubleOf({ code, reply }: { code: string; reply: number | null }): string {
    const why = Object.hasOwn(mailTest.why, code) ? mailTest.why[code as keyof typeof mailTest.why] : mailTest.why.other
    return mailTest.failed(why, reply === null ? code : `${code} ${reply}`)
  }

  async function test() {
    if (!form.current?.reportValidity()) return
    setSentTo(null)
    const recipient = String(new FormData(form.current).get('recipient') ?? '').trim()
    const tried = await answer(() => sendTestMail(given(), recipient), null)
    if (!tried) return
    if (tried.value.taken) setSentTo(recipient)
    else setTrouble(troubleOf(tried.value))
  }

  return (
    <form ref={form} method="dialog" onSubmit={submit}>
      {isSet ? <p className="mt-5 text-good">{mail.isSet}</p> : null}
      <button
        type="button"
        className={`mt-5 ${smallButton.quiet}`}
        disabled={busy}
        onClick={() => (isSet ? window.location.assign(next) : void answer(() => keepMail(null), next))}
      >
        {isSet ? words.go : mail.skip}
      </button>
      <Field
        id="host"
        name="host"
        label={mail.host}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={253}
        required
      />
      <div className="mt-5">
        <label htmlFor="security" className="block font-medium">
          {mail.security}
        </label>
        <select
          id="security"
          className="mt-1.5 w-full rounded-xl border border-edge bg-card px-3.5 py-2.5"
          value={security}
          onChange={(event) => choose(event.target.value as Security)}
        >
          {Object.keys(securities).map((one) => (
            <option key={one} value={one}>
              {mail.securities[one as Security]}
            </option>
          ))}
        </select>
      </div>
      <Field
        id="port"
        type="number"
        label={mail.port}
        value={port}
        onChange={(event) => setPort(event.target.value)}
        min={1}
        max={65_535}
        required
      />
      <Field
        id="user"
        name="user"
        label={mail.user}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        hint={mail.userHint}
      />
      <Field
        id="password"
        name="password"
        type="password"
        label={mail.password}
        autoComplete="off"
        hint={mail.passwordHint}
      />
      <Field
        id="from"
        name="from"
        type="text"
        label={mail.from}
        defaultValue={from || (keeper.includes('@') ? keeper : '')}
        maxLength={320}
        required
        hint={mail.fromHint}
      />
      <Field
        id="recipient"
        name="recipient"
        type="email"
        label={mail.recipient}
        defaultValue={keeper.includes('@') ? keeper : ''}
      />
      <button type="button" className={`mt-3 ${smallButton.quiet}`} disabled={busy} onClick={test}>
        {busy ? mail.testing : mail.test}
      </button>
      <p role="status" className={sentTo ? 'mt-3 text-good' : undefined}>
        {sentTo ? mail.sent(sentTo) : ''}
      </p>
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.busy : mail.submit}</Button>
    </form>
  )
}
