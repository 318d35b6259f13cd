import { type Fields, readFields } from '#server/http/fields-body.ts'
import { Problem } from '#server/kit/problem.ts'

/** Bytes after inflating (otp §6.8). */
const limit = 100 * 1024

/** A GraphQL request as the client said it. */
export type Operation = {
  /** Null when the body had none. */
  query: string | null
  variables: Record<string, unknown>
  operationName: string | null
}

/**
 * Read a request from JSON or a form; any other media type says nothing, as the original has it (otp §1). Variables may
 * be an object, or a text that holds one. What is not a text is no query.
 *
 * @throws body.malformed on bad JSON, also in the variables; input.invalid, body.too_large, body.encoding, body.timeout
 */
export async function readOperation(request: Request): Promise<Operation> {
  const fields = await readFields(request, limit)
  const { query } = fields
  return {
    query: typeof query === 'string' && query.trim() !== '' ? query : null,
    variables: variablesIn(fields),
    operationName: operationNameIn(fields),
  }
}

function variablesIn({ variables: given }: Fields): Record<string, unknown> {
  const value = typeof given === 'string' && given.trim() !== '' ? parse(given) : given
  if (value === undefined || value === null || value === '') return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw new Problem('input.invalid', { message: 'The variables are not an object' })
  return value as Record<string, unknown>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('body.malformed', { message: 'The variables are not valid JSON' })
  }
}

/** An empty one counts as none: some clients always send the member. */
function operationNameIn({ operationName }: Fields): string | null {
  if (operationName === undefined || operationName === null || operationName === '') return null
  if (typeof operationName !== 'string')
    throw new Problem('input.invalid', { message: 'The operation name is not a text' })
  return operationName
}
