import { failureStatuses, wordBusy } from '#client/surfaces/personas/read-failure.ts'
import { isProtocolError, ProtocolError, ServerError } from '#client/transport/errors.ts'
import { forDisplay } from '#client/transport/read-server-error.ts'
import { readRetryAfter } from '#client/transport/retry-policy.ts'
import type { Transport } from '#client/transport/transport.ts'
import { DeviceUnknown, NotSignedIn, PinLocked, Refused, type RefusedReason, WrongPin } from './errors.ts'

const path = '/graphql'
/** Thousands of OTPs fit. */
const largestAnswer = 16 * 1024 * 1024

export type Operation = {
  /** One operation with one field; passwords go into `variables`, never into the text. */
  query: string
  variables?: Record<string, unknown>
  token?: string
  /** Whether it may be sent again after its answer was lost. */
  idempotent: boolean
}

/**
 * Run one GraphQL operation (otp §1). GraphQL speaks of failures inside a 200; they are told apart by the words of the
 * contract, the only thing all servers of this protocol have in common.
 *
 * @returns `data`
 * @throws NotSignedIn, WrongPin, PinLocked, DeviceUnknown, Refused; ServerError, NetworkError, ProtocolError
 */
export async function callGraphql(transport: Transport, operation: Operation): Promise<Record<string, unknown>> {
  const { query, variables = {}, token, idempotent } = operation
  const call = { method: 'POST', path, json: { query, variables }, bearer: token, idempotent }
  const reply = await transport.send({ ...call, accept: failureStatuses }).catch((error) => {
    throw wordBusy(error)
  })
  const { status, headers } = reply
  const answer = await reply.json(largestAnswer).catch((error) => {
    if (status >= 400 && isProtocolError(error)) return {}
    throw error
  })
  const { data, errors } = fieldsOf(answer)
  const problem = Array.isArray(errors) ? errors.find(concernsTheField) : undefined
  if (problem !== undefined) {
    const message = forDisplay(String(fieldsOf(problem).message ?? ''))
    const retryAfter = readRetryAfter(headers.get('retry-after'), Date.now()) ?? secondsIn(message)
    throw refusalFor(message, retryAfter) ?? asServerError(status, headers, message)
  }
  if (status >= 400) throw asServerError(status, headers, '')
  return fieldsOf(data)
}

/** An error further down leaves a null there and the rest readable: one damaged secret among many. */
function concernsTheField(error: unknown): boolean {
  const { path } = fieldsOf(error)
  return !Array.isArray(path) || path.length <= 1
}

/** The fields of an object in an answer. @throws ProtocolError */
export function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unexpected()
  return value as Record<string, unknown>
}

export function unexpected(): ProtocolError {
  return new ProtocolError('The answer is not what an OTP backup server sends. Is the address right?')
}

const reasons: [words: RegExp, reason: RefusedReason][] = [
  [/^user already exists/i, 'account-exists'],
  [/^registration is closed/i, 'registration-closed'],
  [/^(invalid|missing) (parameters|otpauth uri)/i, 'invalid-parameters'],
  [/^unknown otp/i, 'unknown-otp'],
  [/^(there is no room|too many (otps|devices))/i, 'too-many'],
]

function refusalFor(message: string, retryAfter: number | undefined) {
  if (/^authentication required/i.test(message)) return new NotSignedIn('Sign in first')
  if (/^invalid password/i.test(message)) return new WrongPin()
  if (/^too many wrong passwords/i.test(message)) return new PinLocked(retryAfter ?? null)
  if (/^(unknown|missing) device/i.test(message)) return new DeviceUnknown()
  const [, reason] = reasons.find(([words]) => words.test(message)) ?? []
  return reason && new Refused(reason, message)
}

function asServerError(status: number, headers: Headers, message: string): Refused | ServerError {
  if (status < 400) return new Refused('other', message || 'The server refused without saying why')
  const retryAfter = readRetryAfter(headers.get('retry-after'), Date.now())
  return new ServerError({ status, headers, retryAfter, message: message || `The server answered ${status}` })
}

/** What a message says of the wait: "in 15 minutes", "in 7 s". */
function secondsIn(message: string): number | undefined {
  const [, count, unit] = /\bin (\d{1,6}) (s|minute)/.exec(message) ?? []
  return count === undefined ? undefined : Number(count) * (unit === 's' ? 1 : 60)
}
