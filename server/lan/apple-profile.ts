import { createHash, type X509Certificate } from 'node:crypto'

/** What Apple's systems call a configuration profile. */
export const appleProfileType = 'application/x-apple-aspen-config'

/**
 * A configuration profile that installs the CA on Apple's systems (Apple, Configuration Profile Reference:
 * com.apple.security.root). The same CA gives the same profile, so installing it again replaces it.
 */
export function appleProfile(ca: X509Certificate): string {
  const name = xml(commonName(ca))
  const id = `app.hearthkeep.ca.${ca.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase()}`
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>${id}</string>
  <key>PayloadUUID</key><string>${uuidFrom(ca, 'profile')}</string>
  <key>PayloadDisplayName</key><string>${name}</string>
  <key>PayloadDescription</key><string>Lets this device recognise your Hearthkeep server. It can speak for that server only.</string>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadVersion</key><integer>1</integer>
      <key>PayloadIdentifier</key><string>${id}.root</string>
      <key>PayloadUUID</key><string>${uuidFrom(ca, 'root')}</string>
      <key>PayloadDisplayName</key><string>${name}</string>
      <key>PayloadCertificateFileName</key><string>hearthkeep-ca.crt</string>
      <key>PayloadContent</key><data>${ca.raw.toString('base64')}</data>
    </dict>
  </array>
</dict>
</plist>
`
}

/** As devices list it. */
export function commonName(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? 'Hearthkeep'
}

function uuidFrom(ca: X509Certificate, role: string): string {
  const bytes = createHash('sha256').update(role).update(ca.raw).digest().subarray(0, 16)
  // A UUID of the custom kind (RFC 9562 §5.8).
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex').toUpperCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
