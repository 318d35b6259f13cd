'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { Language } from './language.ts'

const Chosen = createContext<Language>('en')

/** Tells every component below the language of the page. */
export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <Chosen value={language}>{children}</Chosen>
}

/** The language of the page, for dates and numbers in client components. */
export function useLanguage(): Language {
  return useContext(Chosen)
}
