'use client'

import type { Catalogue } from './language.ts'
import { useLanguage } from './language-provider.tsx'

/** The words of an area for client components. */
export function useWords<Words>(area: Catalogue<Words>): Words {
  return area[useLanguage()]
}
