import { readdirSync, readlinkSync } from 'node:fs'

/** Paths that a process has open; none where the system does not tell (only Linux does). */
export function openFiles(pid: number): string[] {
  if (process.platform !== 'linux') return []
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)]
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}
