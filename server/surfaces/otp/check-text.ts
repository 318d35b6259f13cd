import { Problem } from '#server/kit/problem.ts'

/** Bytes; what fits a label and a secret many times over, and keeps 20 000 of them within a person's quota. */
const limits = { name: 1024, account: 1024, secret: 8 * 1024, password: 1024 }

/**
 * Whether a text can be kept as it is. Half a surrogate pair has no UTF-8 and would come back as something else.
 *
 * @throws input.invalid
 */
export function checkText(text: string, kind: keyof typeof limits): string {
  if (!text.isWellFormed() || Buffer.byteLength(text) > limits[kind]) throw new Problem('input.invalid')
  return text
}
