'use client'

import { createContext, type ReactNode, useContext } from 'react'

const Least = createContext(8)

/** Tells every component below how long a new password has to be. */
export function PasswordRule({ least, children }: { least: number; children: ReactNode }) {
  return <Least value={least}>{children}</Least>
}

/** Fewest characters of a new password; the server's keeper sets it. */
export function useLeastCharacters(): number {
  return useContext(Least)
}
