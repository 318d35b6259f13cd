import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { EarlyScript } from '#app/_components/early-script.tsx'
import { PasswordRule } from '#app/_components/password-rule.tsx'
import { productName } from '#app/_components/product-name.ts'
import { LanguageProvider } from '#app/_i18n/language-provider.tsx'
import { welcome } from '#app/_i18n/welcome.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import { leastCharacters } from '#app/_server/password-rule.ts'
import './globals.css'

export async function generateMetadata(): Promise<Metadata> {
  const { lead } = await wordsOf(welcome)
  return {
    title: { default: productName, template: `%s · ${productName}` },
    description: lead,
    icons: { icon: '/favicon.svg' },
    robots: { index: false, follow: false },
  }
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

/** Every page is made at request time: its scripts carry the nonce of that answer. */
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const language = await languageOfPage()
  return (
    <html lang={language}>
      <body>
        <EarlyScript />
        <LanguageProvider language={language}>
          <PasswordRule least={leastCharacters()}>{children}</PasswordRule>
        </LanguageProvider>
      </body>
    </html>
  )
}
