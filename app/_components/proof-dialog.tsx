'use client'

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ceremonyTrouble, presentPasskey } from '#app/_crypto/passkey-ceremony.ts'
import { passkeyTrouble } from '#app/_i18n/passkeys.ts'
import { security } from '#app/_i18n/security.ts'
import { shell } from '#app/_i18n/shell.ts'
import { signIn } from '#app/_i18n/sign-in.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { Field } from './field.tsx'
import { Notice } from './notice.tsx'
import { proveByPasskey, proveByPassword, startProof } from './proof-actions.ts'
import { smallButton } from './small-button.ts'
import { useProblemWords } from './words-of-problem.ts'

type Props = { hasPasskey: boolean; hasPassword: boolean; onClose: (proven: boolean) => void }

/** Ask for a passkey or the password, over whatever was under way. */
export function ProofDialog({ hasPasskey, hasPassword, onClose }: Props) {
  const words = useWords(security).proof
  const { outcome: general, cancel } = useWords(shell)
  const { wait } = useWords(signIn).trouble
  const whyNot = useWords(passkeyTrouble)
  const wordsOfProblem = useProblemWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  useEffect(() => dialog.current?.showModal(), [])

  function wordsOfFailure(failure: Extract<Outcome, { ok: false }>, refused: string): string {
    const { code, seconds } = failure
    if (code === 'rate.limited') return wait(seconds ?? 60)
    const isRefusal = code === 'auth.failed' || code.startsWith('webauthn.') || code.startsWith('challenge.')
    return isRefusal ? refused : wordsOfProblem(failure)
  }

  async function prove(work: () => Promise<Outcome<unknown>>, refused: string) {
    setBusy(true)
    setTrouble(null)
    try {
      const outcome = await work()
      if (outcome.ok) return onClose(true)
      setTrouble(wordsOfFailure(outcome, refused))
    } catch (error) {
      const why = ceremonyTrouble(error)
      setTrouble(error instanceof TypeError ? general.offline : why && whyNot[why])
    }
    setBusy(false)
  }

  const byPasskey = () =>
    prove(async () => {
      const request = await startProof()
      return request.ok ? proveByPasskey(await presentPasskey(request.value)) : request
    }, words.refused)

  function byPassword(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    event.stopPropagation()
    const password = String(new FormData(event.currentTarget).get('proof') ?? '')
    void prove(() => proveByPassword(password), words.wrong)
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby="proof"
      onCancel={() => onClose(false)}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
    >
      <h2 id="proof" className="text-lg font-semibold">
        {words.heading}
      </h2>
      <p className="mt-2">{words.lead}</p>
      {hasPasskey ? (
        <button type="button" className={`${smallButton.main} mt-5 w-full`} disabled={busy} onClick={byPasskey}>
          {words.passkey}
        </button>
      ) : null}
      {hasPassword ? (
        <form method="dialog" onSubmit={byPassword}>
          <Field
            id="proof-password"
            name="proof"
            type="password"
            label={words.password}
            autoComplete="current-password"
            maxLength={1024}
            required
          />
          <div className="mt-4 flex justify-end">
            <button type="submit" className={hasPasskey ? smallButton.quiet : smallButton.main} disabled={busy}>
              {words.confirm}
            </button>
          </div>
        </form>
      ) : null}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <p className="mt-5 text-sm text-soft">{words.neither}</p>
      <div className="mt-5 flex justify-end">
        <button type="button" className={smallButton.quiet} onClick={() => onClose(false)}>
          {cancel}
        </button>
      </div>
    </dialog>
  )
}
