const units = ['', 'KB', 'MB', 'GB', 'TB']

/** Bytes as the keeper types them: `2097152` → `2 MB`; units are of 1024, and nothing is rounded. */
export function sizeText(bytes: string): string {
  let [value, unit] = [Number(bytes), 0]
  while (value >= 1024 && value % 1024 === 0 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${value} ${units[unit]}`.trim()
}

/** `2 MB`, `1,5 GB`, `1.5 GiB` or `2097152` → bytes; what cannot be read stays as it is, for the server to refuse. */
export function bytesOf(text: string): string {
  const [, digits = '', letter = ''] = /^(\d+(?:[.,]\d+)?)\s*(?:([KMGT])(?:i?B)?|Bytes?|B)?$/i.exec(text.trim()) ?? []
  if (digits === '') return text
  const unit = letter === '' ? 0 : 'KMGT'.indexOf(letter.toUpperCase()) + 1
  return String(Math.round(Number(digits.replace(',', '.')) * 1024 ** unit))
}
