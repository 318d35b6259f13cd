import { answerDownload } from '#app/_server/download.ts'
import { requireMember } from '#app/_server/member.ts'
import { openPersonaOf } from '#app/_server/personas.ts'

/** `?id=…&version=…`: a persona of the member's own, as it stands or from the history. */
export async function GET(request: Request): Promise<Response> {
  const member = await requireMember()
  const { searchParams } = new URL(request.url)
  const id = searchParams.get('id') ?? ''
  const version = Number(searchParams.get('version'))
  return answerDownload({ name: fileName(id, version), open: () => openPersonaOf(member, id, version) })
}

/** The name people know it by; most are zip files and few are called so. */
function fileName(id: string, version: number): string {
  return /\.[a-z0-9]{1,8}$/i.test(id) ? id : `${id} (version ${version}).zip`
}
