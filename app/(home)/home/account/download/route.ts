import { exportOf } from '#app/_server/account.ts'
import { answerDownload } from '#app/_server/download.ts'
import { requireMember } from '#app/_server/member.ts'

/** Everything the member has as one zip; only shortly after they proved who they are. */
export async function GET(): Promise<Response> {
  const member = await requireMember()
  return answerDownload({
    name: 'hearthkeep.zip',
    open: async () => ({
      stored: { length: 0, chunks: await exportOf(member), close: async () => {} },
      contentType: 'application/zip',
    }),
  })
}
