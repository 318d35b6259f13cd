/** Longest name of a file or folder on the usual file systems, in bytes. */
const longestPart = 255
const longestName = 1024

/**
 * What is wrong with names from an untrusted archive, or null. Refused are those that could be written somewhere else
 * than meant, or that are one file on some systems and two on others: on the device that restores, it would be too
 * late.
 *
 * @param names  relative, parts divided by `/`
 * @returns a sentence for people; names in it cannot repaint a terminal
 */
export function faultInNames(names: Iterable<string>): string | null {
  const seen = new Set<string>()
  const folders = new Set<string>()
  for (const name of names) {
    const fault = faultInName(name)
    if (fault !== null) return fault
    const folded = foldName(name)
    if (seen.has(folded)) return `${quoted(name)} is there twice; upper and lower case count as one`
    seen.add(folded)
    for (let slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
      folders.add(folded.slice(0, slash))
    }
  }
  for (const folder of folders) {
    if (seen.has(folder)) return `${quoted(folder)} is a file and a folder`
  }
  return null
}

/** Absolute names, `..`, backslashes, drive letters and what no file system takes. */
export function faultInName(name: string): string | null {
  const parts = name.split('/')
  const escapes = parts.some((part) => part === '' || part === '.' || part === '..')
  const odd = !name.isWellFormed() || /[\p{Cc}\\:]/u.test(name)
  const length = (text: string) => new TextEncoder().encode(text).length
  const tooLong = length(name) > longestName || parts.some((part) => length(part) > longestPart)
  return escapes || odd || tooLong ? `A file name is not allowed: ${quoted(name)}` : null
}

/** macOS and Windows do not tell upper from lower case, macOS not composed from decomposed letters. */
function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** A name from an untrusted archive, short and without anything that could repaint a terminal. */
export function quoted(name: string): string {
  const line = JSON.stringify(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return line.length > 120 ? `${line.slice(0, 120)}…"` : line
}
