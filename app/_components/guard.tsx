'use client'

import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react'
import type { Outcome } from '#app/_server/outcome.ts'
import { ProofDialog } from './proof-dialog.tsx'

type Guarded = <T>(action: () => Promise<Outcome<T>>) => Promise<Outcome<T>>

const Guarding = createContext<Guarded>((action) => action())

/** Run an action; when the server wants to know first whether it is really them, ask, and run it again. */
export function useGuard(): Guarded {
  return useContext(Guarding)
}

type Props = { hasPasskey: boolean; hasPassword: boolean; children: ReactNode }

/** Holds the one dialog by which a member proves once more who they are; pages use `ProofGate`. */
export function Guard({ hasPasskey, hasPassword, children }: Props) {
  const [isOpen, setOpen] = useState(false)
  const waiting = useRef<((proven: boolean) => void) | null>(null)

  const guard: Guarded = useCallback(async (action) => {
    const first = await action()
    if (first.ok || first.code !== 'auth.proof_needed') return first
    const proven = await new Promise<boolean>((resolve) => {
      waiting.current = resolve
      setOpen(true)
    })
    return proven ? action() : first
  }, [])

  const close = useCallback((proven: boolean) => {
    setOpen(false)
    waiting.current?.(proven)
    waiting.current = null
  }, [])

  return (
    <Guarding.Provider value={guard}>
      {children}
      {isOpen ? <ProofDialog hasPasskey={hasPasskey} hasPassword={hasPassword} onClose={close} /> : null}
    </Guarding.Provider>
  )
}
