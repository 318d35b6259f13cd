const gigabyte = 1024 ** 3
const most = 1_000_000

/**
 * `5`, `0.5` or `0,5` in bytes, as somebody typed it.
 *
 * @returns null for nothing typed, `invalid` for what is no such number
 */
export function readGigabytes(typed: string): number | null | 'invalid' {
  const text = typed.trim().replace(',', '.')
  if (text === '') return null
  const amount = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN
  return amount <= most ? Math.round(amount * gigabyte) : 'invalid'
}

/** The other way round, to be changed in a field. @param bytes  null = nothing */
export function writeGigabytes(bytes: number | null): string {
  return bytes === null ? '' : String(Number((bytes / gigabyte).toFixed(6)))
}
