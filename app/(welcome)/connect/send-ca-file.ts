import { caFile } from '#app/_server/connection.ts'

/** The CA for a device to install, or 404 where this server has none of its own. */
export function sendCaFile(kind: 'certificate' | 'profile'): Response {
  const file = caFile(kind)
  if (!file) return new Response('This server has no certificate authority of its own.\n', { status: 404 })
  // Safari installs a profile that it shows, and files one that it downloads.
  const shown = kind === 'profile' ? 'inline' : 'attachment'
  const headers = {
    'Content-Type': file.type,
    'Content-Disposition': `${shown}; filename="${file.name}"`,
    'Cache-Control': 'no-store',
  }
  return new Response(file.body, { headers })
}
