import type { Figures } from './figures.ts'

/** One line of the report. */
export type Row = {
  work: string
  budget: string
  /** What is held against the budget, in words: a ratio, or an absolute figure. */
  measured: string
  /** null = not measured, or for information only. */
  pass: boolean | null
  /** The absolute figures behind it. */
  detail: string
}

/** What a group of rows found, with the raw samples for `bench/out/`. */
export type Measured = { rows: Row[]; samples: Record<string, unknown> }

/** A ratio of ours to the baseline, taken round by round; 1 = as fast as the baseline. */
export function ratioRow(row: Omit<Row, 'budget' | 'measured' | 'pass'> & { ratio: Figures; atLeast: number }): Row {
  const { ratio, atLeast, ...rest } = row
  return {
    ...rest,
    budget: `≥ ${atLeast} × bare`,
    measured: ratioSpelled(ratio),
    pass: ratio.median >= atLeast,
  }
}

export function ratioSpelled({ median, min, max }: Figures): string {
  return `${median.toFixed(2)} × [${min.toFixed(2)}–${max.toFixed(2)}]`
}

/** An absolute figure with an upper limit. */
export function limitRow(row: Omit<Row, 'budget' | 'measured' | 'pass'> & LimitedFigure): Row {
  const { figure, atMost, unit, digits = 1, ...rest } = row
  const spread = figure.count > 1 ? ` [${figure.min.toFixed(digits)}–${figure.max.toFixed(digits)}]` : ''
  return {
    ...rest,
    budget: `≤ ${atMost} ${unit}`,
    measured: `${figure.median.toFixed(digits)}${spread} ${unit}`,
    pass: figure.median <= atMost,
  }
}

type LimitedFigure = { figure: Figures; atMost: number; unit: string; digits?: number }
