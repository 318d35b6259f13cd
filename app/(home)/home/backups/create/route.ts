import { revalidatePath } from 'next/cache'
import { createBackupOf } from '#app/_server/backups.ts'
import { requireMemberAction } from '#app/_server/member.ts'
import { outcomeOf } from '#app/_server/outcome.ts'
import { readBackupName } from '#app/(home)/home/backups/backup-name.ts'

/**
 * `?name=…` with the body of `/v1/create`: a new backup, made by somebody who is signed in. Answers as the wire does, so
 * that the client library understands it.
 */
export async function POST(request: Request): Promise<Response> {
  const outcome = await outcomeOf(async () => {
    const member = await requireMemberAction()
    const name = readBackupName(new URL(request.url).searchParams.get('name'))
    return createBackupOf(member, name, request)
  })
  if (!outcome.ok) return refusal(outcome.code)
  if (outcome.value.ok) revalidatePath('/home', 'layout')
  return outcome.value
}

function refusal(code: string): Response {
  const error = { code: code.replaceAll('.', '_'), message: code }
  const status = code === 'auth.signed_out' ? 401 : code === 'server.failed' ? 500 : 400
  return Response.json({ allowRetry: false, error }, { status, headers: { 'Cache-Control': 'no-store' } })
}
