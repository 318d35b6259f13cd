import { useEffect, useState } from 'react'
import { type PasskeyTrouble, passkeyObstacle } from '#app/_crypto/passkey-ceremony.ts'
import { useShelf } from './shelf.tsx'

/** What keeps passkeys from working on this page; known in the browser alone. */
export function useObstacle(): PasskeyTrouble | null {
  const { rpId } = useShelf().shown
  const [obstacle, setObstacle] = useState<PasskeyTrouble | null>(rpId === null ? 'address' : null)
  useEffect(() => setObstacle(passkeyObstacle(rpId)), [rpId])
  return obstacle
}
