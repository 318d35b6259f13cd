import { openSlotOf } from '#app/_server/cloud.ts'
import { answerDownload } from '#app/_server/download.ts'
import { requireMember } from '#app/_server/member.ts'

/** `?device=…&version=…`: a backup of one of the member's devices; without `device` the one they share. */
export async function GET(request: Request): Promise<Response> {
  const member = await requireMember()
  const { searchParams } = new URL(request.url)
  const device = searchParams.get('device')
  const version = Number(searchParams.get('version'))
  return answerDownload({
    name: `cloud-backup-${device?.slice(0, 8) ?? 'shared'}-v${version}.bin`,
    open: async () => ({ stored: await openSlotOf(member, device, version) }),
  })
}
