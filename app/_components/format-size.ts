const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** `1536` → `1.5 KB`; a unit is 1024 of the one before, as file managers count. */
export function formatSize(bytes: number): string {
  if (bytes === 1) return '1 byte'
  const unit = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** unit
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[unit]}`
}
