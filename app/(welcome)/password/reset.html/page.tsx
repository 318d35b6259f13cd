import { CardPage } from '#app/_components/card-page.tsx'
import { reset } from '#app/_i18n/reset.ts'
import { titled } from '#app/_i18n/words-of.ts'
import { house } from '#app/_server/house.ts'
import { ResetPassword } from './reset-password.tsx'

export const generateMetadata = titled(reset)

type Query = Record<string, string | string[] | undefined>

/** Where reset links lead (personas §5): with an address and a code to a new password, without to asking for a link. */
export default async function ResetPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  return (
    <CardPage>
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
