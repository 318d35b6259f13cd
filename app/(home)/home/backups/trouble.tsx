'use client'

import { useState } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { PasskeyTroubleWords } from '#app/_components/passkey-trouble.tsx'
import { ceremonyTrouble, type PasskeyTrouble } from '#app/_crypto/passkey-ceremony.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isClientError } from '#client/errors/client-error.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import { isNetworkError, isServerError } from '#client/transport/errors.ts'
import { useShelf } from './shelf.tsx'

type TroubleWord = keyof (typeof backups)['en']['trouble']
type Trouble = { why: PasskeyTrouble } | { word: TroubleWord }

/** Something that a form found wrong by itself, in words. */
export class Fault extends Error {}

/** Run something that may take a while and may fail; what failed is said in `notice`. */
export function useWork(): {
  busy: boolean
  error: unknown
  notice: React.ReactNode
  run: (task: () => Promise<unknown>) => Promise<boolean>
} {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function run(task: () => Promise<unknown>): Promise<boolean> {
    setBusy(true)
    setError(null)
    try {
      await task()
      return true
    } catch (cause) {
      setError(cause)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run, notice: error === null ? null : <TroubleNotice error={error} /> }
}

function TroubleNotice({ error }: { error: unknown }) {
  const words = useWords(backups).trouble
  const { elsewhere } = useShelf().shown
  if (error instanceof Fault) return <Notice>{error.message}</Notice>
  const trouble = troubleOf(error)
  const here = elsewhere && `${elsewhere}/home/backups`
  return (
    <Notice>
      {'why' in trouble ? <PasskeyTroubleWords why={trouble.why} elsewhere={here} /> : words[trouble.word]}
    </Notice>
  )
}

function troubleOf(error: unknown): Trouble {
  if (isFactorError(error)) {
    if (error.reason === 'passkey-cancelled' || error.reason === 'passkey-failed')
      return { why: (error.cause ? ceremonyTrouble(error.cause) : 'other') ?? 'cancelled' }
    return { word: error.reason }
  }
  if (isNetworkError(error) || (error instanceof TypeError && !isClientError(error))) return { word: 'offline' }
  if (isServerError(error)) {
    if (error.status === 401 || error.code === 'auth_signed_out') return { word: 'signedOut' }
    if (error.status === 429) return { word: 'wait' }
    if (error.status === 507) return { word: 'full' }
    return { word: error.status >= 500 ? 'server' : 'other' }
  }
  if (isClientError(error, 'crypto-unavailable')) return { word: 'noCrypto' }
  if (isClientError(error, 'malformed-sealed-backup')) return { word: 'notOurs' }
  return { word: 'other' }
}
