import { revalidatePath } from 'next/cache'
import { requireMemberAction } from '#app/_server/member.ts'
import { outcomeOf } from '#app/_server/outcome.ts'
import { uploadPersonaOf } from '#app/_server/personas.ts'

/**
 * `?id=…` with the file as the body: an upload from the page, which wants progress and more room than server actions
 * have. Answers what an action would: an `Outcome` of the new version.
 */
export async function POST(request: Request): Promise<Response> {
  const id = new URL(request.url).searchParams.get('id') ?? ''
  const outcome = await outcomeOf(async () => uploadPersonaOf(await requireMemberAction(), id, request))
  if (outcome.ok) revalidatePath('/home', 'layout')
  return Response.json(outcome, { headers: { 'Cache-Control': 'no-store' } })
}
