/** A time as letters say it, e.g. `2026-11-21 07:42 UTC`. @param at  milliseconds */
export function when(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
