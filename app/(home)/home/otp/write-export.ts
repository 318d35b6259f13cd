import { readOtpFile } from '#client/surfaces/otp/read-otp-file.ts'
import type { StoredOtp } from '#client/surfaces/otp/stored-otp.ts'
import { type ExportFormat, writeOtpFile } from '#client/surfaces/otp/write-otp-file.ts'

export type Exported = {
  count: number
  /** Labels of what the format cannot hold. */
  leftOut: string[]
}

/** Long enough for any browser to have begun the download. */
const keptFor = 60_000

/**
 * Encrypt codes into a file, open it again to see that it holds them all, and hand it to the browser to save.
 *
 * @throws what `writeOtpFile` and `readOtpFile` throw; Error when the file does not hold what it should
 */
export async function writeExport(
  codes: StoredOtp[],
  format: Extract<ExportFormat, 'hearthkeep' | 'aegis'>,
  password: string,
): Promise<Exported> {
  const now = new Date()
  const { bytes, written, skipped } = await writeOtpFile(codes, { format, password, now })
  const { otps } = await readOtpFile(bytes, { password: async () => password })
  if (otps.length !== written) throw new Error('The file does not hold what was written')
  const day = now.toISOString().slice(0, 10)
  save(bytes, format === 'aegis' ? `aegis-codes-${day}.json` : `hearthkeep-codes-${day}.sealed`)
  return { count: written, leftOut: skipped.map(({ what }) => what) }
}

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), keptFor)
}
