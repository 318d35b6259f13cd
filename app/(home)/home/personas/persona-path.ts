/** The page of one persona. Ids are any text, `.` and `..` as well, so they go into the query. */
export function personaPath(id: string): string {
  return `/home/personas/history?${new URLSearchParams({ id })}`
}

export function personaFilePath(id: string, version: number): string {
  return `/home/personas/file?${new URLSearchParams({ id, version: String(version) })}`
}
