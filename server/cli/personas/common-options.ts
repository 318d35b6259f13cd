import { checkPersonaId } from '#client/surfaces/personas/personas-client.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { PasswordOptions } from '#server/cli/terminal/read-passwords.ts'

/** Options all verbs have; the backup password's file only `put` and `get`. */
export type CommonOptions = PasswordOptions & { email: string; server?: string; json?: boolean }

/** @throws usage failure for ids that cannot be one part of a path */
export function requirePersonaId(id: string): void {
  try {
    checkPersonaId(id)
  } catch {
    throw usageFailure(`${JSON.stringify(id)} cannot be the id of a persona`)
  }
}
