import type { Metadata } from 'next'
import { CardPage } from '#app/_components/card-page.tsx'
import { en } from '#app/_i18n/en.ts'
import { house } from '#app/_server/house.ts'
import { ResetPassword } from './reset-password.tsx'

export const metadata: Metadata = { title: en.reset.title }

type Query = Record<string, string | string[] | undefined>

/** Where reset links lead (personas §5): with an address and a code to a new password, without to asking for a link. */
export default async function ResetPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  return (
    <CardPage name={en.home.name}>
      <ResetPassword
        name={one(query.email)}
        code={one(query.reset_code) || one(query.code)}
        hasMail={house().ctx.config.mail !== null}
      />
    </CardPage>
  )
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
