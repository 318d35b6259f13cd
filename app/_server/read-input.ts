import type { z } from 'zod'
import { Problem } from '#server/kit/problem.ts'

/** What a page sent, in the shape the action wants; anybody can send anything. @throws input.invalid */
export function readInput<T extends z.ZodType>(shape: T, given: unknown): z.output<T> {
  const read = shape.safeParse(given)
  if (!read.success) throw new Problem('input.invalid')
  return read.data
}

/** That somebody typed out what they are about to lose; case and space around it do not matter. @throws input.invalid */
export function requireTyped(typed: string, expected: string): void {
  const plain = (text: string) => text.trim().normalize('NFC').toLowerCase()
  if (plain(typed) !== plain(expected)) throw new Problem('input.invalid')
}
