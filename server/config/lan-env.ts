import { z } from 'zod'

/** An Android app and the SHA-256 fingerprint of the certificate that signs it. */
export type AndroidApp = { packageName: string; fingerprint: string }

const packageName = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)+$/
const fingerprint = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/
const appleApp = /^[A-Z0-9]{10}\.[\w-]+(?:\.[\w-]+)*$/

const entries = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

const androidApps = entries
  .transform((list) => list.map(androidAppOf))
  .refine(
    (apps) => apps.every((app) => packageName.test(app.packageName) && fingerprint.test(app.fingerprint)),
    'must be package:fingerprint, separated by commas; the fingerprint is the SHA-256 of the signing certificate in pairs of hex digits',
  )

const appleApps = entries.refine(
  (list) => list.every((app) => appleApp.test(app)),
  'must be TEAMID.bundle.identifier, separated by commas',
)

/** What the server is told about being found in the house and about the apps that belong to it. */
export const lanVariables = {
  HEARTHKEEP_MDNS: z.enum(['on', 'off']).default('on'),
  HEARTHKEEP_ANDROID_APPS: androidApps.optional(),
  HEARTHKEEP_APPLE_APPS: appleApps.optional(),
}

/** `org.example.app:AA:BB:…`; pairs may be joined, as some tools print them. */
function androidAppOf(entry: string): AndroidApp {
  const at = entry.indexOf(':')
  const digits = entry.slice(at + 1).replaceAll(':', '')
  const pairs = digits.toUpperCase().match(/../g) ?? []
  return { packageName: entry.slice(0, Math.max(at, 0)), fingerprint: digits.length % 2 === 0 ? pairs.join(':') : '' }
}
