import { useRef } from 'react'
import { AccountWindow } from '#app/_crypto/account-window.ts'
import { startAccountSignIn } from './actions.ts'
import { type AccountKind, isAccount, type Way } from './ways.ts'

/** A window for signing in at a service, while something is under way that needs it. */
export function useAccount(): {
  /** Right when a button is pressed. @returns null for ways that need no sign-in */
  open: (way: Way) => AccountWindow | null
  stop: () => void
  close: () => void
} {
  const held = useRef<AccountWindow | null>(null)
  const close = () => {
    held.current?.close()
    held.current = null
  }
  return {
    open(way) {
      close()
      held.current = isAccount(way) ? new AccountWindow(way, start) : null
      return held.current
    },
    stop: () => held.current?.stop(),
    close,
  }
}

async function start(asked: { kind: AccountKind; nonce: string; state: string }): Promise<string> {
  const outcome = await startAccountSignIn(asked)
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.value
}
