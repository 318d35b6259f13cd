import { json } from '#server/http/answers.ts'
import type { CloudSession } from '#server/people/cloud-session.ts'

/** AuthResponse: `deviceId` only for device-scoped sessions (cloud-backup §2). */
export function signedInAs(status: number, session: CloudSession): Response {
  const { deviceId, ...rest } = session
  return json(status, deviceId ? { ...rest, deviceId } : rest)
}
