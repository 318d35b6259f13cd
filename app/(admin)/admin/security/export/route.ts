import { requireAdmin } from '#app/_server/admin.ts'
import { answerDownload } from '#app/_server/download.ts'
import { exportEventsFor } from '#app/_server/watch.ts'
import { readFilter } from '#app/(admin)/admin/security/read-filter.ts'

/** What happened, as the page's filter has it, as a file for a spreadsheet; only shortly after a proof. */
export async function GET(request: Request): Promise<Response> {
  const admin = await requireAdmin()
  const filter = readFilter(Object.fromEntries(new URL(request.url).searchParams))
  return answerDownload({
    name: 'hearthkeep-events.csv',
    open: async () => ({
      stored: { length: 0, chunks: exportEventsFor(admin, filter), close: async () => {} },
    }),
  })
}
