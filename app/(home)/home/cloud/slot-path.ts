/** Where a backup can be downloaded. @param deviceId  null for the person's own slot */
export function slotFilePath(deviceId: string | null, version: number): string {
  const query = new URLSearchParams({ ...(deviceId ? { device: deviceId } : {}), version: String(version) })
  return `/home/cloud/file?${query}`
}
