import type { Row } from '#bench/support/row.ts'

/** Budgets whose surface does not exist yet. */
export const later: Row[] = [
  ['`/sync` fetch-only with nothing new, 1 000 → 1 000 000 operations', 'p50 grows ≤ 1.2 ×; ≤ 5 ms'],
  ['`/sync` full read of 100 000 operations', '≥ 0.5 × a static file'],
].map(([work = '', budget = '']) => ({
  work,
  budget,
  measured: 'not measurable yet',
  pass: null,
  detail: 'comes with the operation log',
}))
