import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import type { Context } from '#server/context.ts'
import { readSmallContent } from '#server/http/inflate.ts'
import { Problem } from '#server/kit/problem.ts'
import { checkAttestation } from './check-attestation.ts'

const mebibyte = 1024 * 1024
const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i
/** As deep as the original's parser goes. */
const deepest = 128

/**
 * A JSON body, with the statuses of factor-backup §1.2.
 *
 * @throws body.media_type 415, body.malformed 400, input.shape 422, body.too_large 413
 */
export async function readBody<T>(request: Request, shape: z.ZodType<T>): Promise<T> {
  requireJson(request.headers)
  return decode(await readSmallContent(request, 2 * mebibyte), shape)
}

/**
 * As `readBody`, after the attestation of the request was looked at (factor-backup §6).
 *
 * @returns the body, and what is wrong with the attestation where that is not enforced
 * @throws factors.invalid_payload, factors.invalid_attestation_token_header, factors.invalid_attestation_token,
 *   factors.invalid_attestation_token_claim
 */
export async function readAttestedBody<T>(
  ctx: Context,
  request: Request,
  shape: z.ZodType<T>,
): Promise<{ body: T; attestationFailure: string | null }> {
  const bytes = await readSmallContent(request, mebibyte).catch((error) => {
    throw error.code === 'body.too_large' ? unreadable() : error
  })
  if (!isUtf8(bytes)) throw unreadable()
  const failure = await checkAttestation(ctx, {
    method: request.method,
    path: new URL(request.url).pathname,
    body: bytes,
    token: request.headers.get('attestation-token'),
  })
  if (failure && ctx.config.attestation.mode !== 'off') throw failure
  requireJson(request.headers)
  return { body: decode(bytes, shape), attestationFailure: failure?.message ?? null }
}

/** The JSON part of a multipart body. @throws factors.invalid_payload */
export function decodePayload<T>(bytes: Buffer, shape: z.ZodType<T>): T {
  try {
    return decode(bytes, shape)
  } catch (cause) {
    throw new Problem('factors.invalid_payload', { cause })
  }
}

function requireJson(headers: Headers): void {
  if (!jsonType.test(headers.get('content-type') ?? ''))
    throw new Problem('body.media_type', { message: 'Expected request with `Content-Type: application/json`' })
}

function decode<T>(bytes: Buffer, shape: z.ZodType<T>): T {
  const read = shape.safeParse(parse(bytes))
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const where = issue?.path.join('.') || 'body'
  throw new Problem('input.shape', {
    message: `Failed to deserialize the JSON body into the target type: ${where}: ${issue?.message ?? 'invalid'}`,
  })
}

function parse(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (depthOf(text) > deepest) throw new Error('nested too deep')
    return JSON.parse(text)
  } catch {
    throw new Problem('body.malformed', { message: 'Failed to parse the request body as JSON: it is not valid JSON' })
  }
}

/** How deep objects and lists nest; some of what comes is kept and written out again, by recursion. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (inString) {
      if (char === 0x5c) at++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b || char === 0x5b) most = Math.max(most, ++depth)
    else if (char === 0x7d || char === 0x5d) depth--
  }
  return most
}

function unreadable(): Problem {
  return new Problem('factors.invalid_payload', { message: 'Body payload is invalid' })
}
