import { InvalidArgumentError } from 'commander'

const units: Record<string, number> = { '': 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }

/** `500MB`, `5 GB` or plain bytes; units are of 1024, as the pages count. @throws what commander says to the person */
export function size(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,12}) ?([KMGT]?B)?$/i.exec(text.trim()) ?? []
  const bytes = Number(digits) * (units[unit.toUpperCase() === 'B' ? '' : unit.toUpperCase()] ?? Number.NaN)
  if (digits !== '' && Number.isSafeInteger(bytes)) return bytes
  throw new InvalidArgumentError('must be a size such as 500MB or 5GB')
}
