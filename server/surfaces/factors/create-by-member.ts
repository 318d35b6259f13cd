import type { Context } from '#server/context.ts'
import { json } from '#server/http/answers.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { createBackup } from './create-backup.ts'
import { factors } from './errors.ts'
import { createLimit } from './limits.ts'
import { type Owner, requireRoomOn } from './link-backup.ts'
import { listLinkedBackups } from './link-store.ts'
import { decodePayload } from './read-body.ts'
import { readUpload } from './read-upload.ts'
import { CreatePayload } from './wire.ts'

/**
 * `/v1/create` for the page of somebody who is signed in: they may make backups whether or not strangers may, and what
 * they make is on their list at once. Request, answers and refusals are those of factor-backup §4.3.
 */
export async function createByMember(
  ctx: Context,
  owner: Owner,
  { request, address }: { request: Request; address: string },
): Promise<Response> {
  try {
    ctx.rates.take(createLimit, address)
    requireRoomOn(listLinkedBackups(ctx.db.read, owner.accountId))
    await using upload = await readUpload(ctx, request)
    const payload = decodePayload(upload.payload(), CreatePayload)
    upload.checkBackup()
    return json(200, await createBackup(ctx, upload, payload, { address, owner }))
  } catch (error) {
    if (isProblem(error)) return factors.encodeProblem(error)
    ctx.log.error({ error }, 'a backup could not be made')
    return factors.encodeProblem(new Problem('server.failed'))
  }
}
