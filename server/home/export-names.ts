/** Names that Windows keeps for itself, whatever their ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const longest = 120

/**
 * File names of an export: what people call things, as every file system takes it, each once.
 */
export class ExportNames {
  readonly #taken = new Set<string>()

  /**
   * @param folder  of ours, e.g. `cloud`
   * @param name  anything
   * @param ending  added unless the name has one of its own, e.g. `.zip`
   * @returns a path no call returned before, in whatever case
   */
  path(folder: string, name: string, ending: string): string {
    const plain = safeName(name)
    const own = /\.[a-z0-9]{1,8}$/i.exec(plain)?.[0] ?? ''
    const [stem, suffix] = own === '' ? [plain, ending] : [plain.slice(0, -own.length), own]
    for (let number = 1; ; number += 1) {
      const path = `${folder}/${stem}${number === 1 ? '' : ` (${number})`}${suffix}`
      if (this.#taken.has(path.toLowerCase())) continue
      this.#taken.add(path.toLowerCase())
      return path
    }
  }
}

function safeName(name: string): string {
  const safe = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}"*/:<>?\\|]/gu, '_')
    .slice(0, longest)
    .toWellFormed()
    .replace(/^[. ]+|[. ]+$/g, '_')
  return safe === '' || reserved.test(safe) ? `_${safe}` : safe
}
