import { z } from 'zod'
import type { Fields } from '#server/http/fields-body.ts'
import { Problem } from '#server/kit/problem.ts'
import { isAcceptableEmail, normalName } from '#server/people/names.ts'

/** Shapes of personas §2 for /openapi.json; what is read goes through the functions below, which speak its words. */

export const AccountFields = z.object({ email: z.string(), password: z.string() })

export const ResetRequest = z.object({ email: z.string() })

export const ResetFields = z
  .object({ email: z.string(), reset_code: z.string(), password: z.string() })
  .or(z.object({ email: z.string(), code: z.string(), new_password: z.string() }))

export const Nothing = z.object({})

export const PersonaList = z.object({ personas: z.array(z.string()) })

export const Status = z.object({
  name: z.string(),
  version: z.array(z.number().int()),
  started: z.iso.datetime(),
  url: z.url(),
})

/** @throws input.invalid "Missing parameters" (personas §4), or on an address that cannot be one */
export function readAccount(fields: Fields): { email: string; password: string } {
  const email = emailIn(fields, 'Missing parameters')
  const password = textIn(fields, 'password')
  if (password === '') throw invalid('Missing parameters')
  return { email, password }
}

/** @throws input.invalid "Missing email parameter" (personas §5) */
export function readResetRequest(fields: Fields): { email: string } {
  return { email: emailIn(fields, 'Missing email parameter') }
}

export type NewPassword = {
  email: string
  code: string
  password: string
  /** Whether the client said `reset_code`, as the original's page does, rather than the README's `code` (personas §8). */
  spokenAsCode: 'reset_code' | 'code'
}

/** Either spelling of the fields, mixed as well. @throws input.invalid in the order of personas §5 point 4 */
export function readNewPassword(fields: Fields): NewPassword {
  const email = emailIn(fields, 'Empty email parameter')
  const resetCode = textIn(fields, 'reset_code').trim()
  const code = resetCode || textIn(fields, 'code').trim()
  if (code === '') throw invalid('Empty reset code parameter')
  const password = textIn(fields, 'password') || textIn(fields, 'new_password')
  if (password === '') throw invalid('Empty password parameter')
  return { email, code, password, spokenAsCode: resetCode ? 'reset_code' : 'code' }
}

/**
 * A persona's id: any one path segment, decoded (personas §3).
 *
 * @throws input.invalid when the decoded value holds a slash
 */
export function readPersonaId(segment: string): string {
  if (segment.includes('/')) throw invalid(`Invalid persona id: ${segment}`)
  return segment
}

/** @throws input.invalid with `missing` when there is none */
export function readEmail(given: string, missing: string): string {
  const email = normalName(given)
  if (email === '') throw invalid(missing)
  if (!isAcceptableEmail(email)) throw invalid('Invalid email parameter')
  return email
}

function emailIn(fields: Fields, missing: string): string {
  return readEmail(textIn(fields, 'email'), missing)
}

/** Absent and empty are the same, as the original has it; anything but text never was a password. */
function textIn(fields: Fields, name: string): string {
  const value = fields[name]
  if (!value) return ''
  if (typeof value !== 'string') throw invalid('Missing parameters')
  return value
}

function invalid(message: string): Problem {
  return new Problem('input.invalid', { message })
}
