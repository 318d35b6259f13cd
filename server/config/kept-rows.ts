import { z } from 'zod'
import { SealedText } from '#server/kit/sealed-text.ts'
import type { Kept } from './sources.ts'

/** Kept variables lie among the settings, under their names: a text, or a sealed one. */
const shape = z.union([z.string(), z.object({ sealed: z.string() })])

export const sealedPurpose = 'kept variables'

/** @param serverKey  null = there is none, and what is sealed cannot be read */
export function openKept(rows: Array<{ name: string; value: string }>, serverKey: Buffer | null): Kept {
  const kept: Kept = { values: {}, unreadable: [] }
  const sealed = serverKey && new SealedText(serverKey, sealedPurpose, neverSeals)
  for (const { name, value } of rows) {
    const text = textOf(name, value, sealed)
    if (text === null) kept.unreadable.push(name)
    else kept.values[name] = text
  }
  return kept
}

function textOf(name: string, value: string, sealed: SealedText | null): string | null {
  try {
    const read = shape.parse(JSON.parse(value))
    return typeof read === 'string' ? read : (sealed?.open(read.sealed, name) ?? null)
  } catch {
    return null
  }
}

function neverSeals(): Buffer {
  throw new Error('Kept variables are only opened here')
}
