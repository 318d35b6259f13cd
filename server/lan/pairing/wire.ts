import { z } from 'zod'

export const pairBody = z.object({
  id: z
    .string()
    .regex(/^[0-9A-Z]{4}$/, 'must be the first four characters of the code')
    .describe('The first group of the code'),
  ticket: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be 32 bytes as base64url')
    .describe('First half of scrypt(code without dashes, "hearthkeep pairing 1 <id>", N=32768, r=8, p=1, 64 bytes)'),
})

export const pairAnswer = z.object({
  addresses: z.array(z.string()).describe('Where this server is reached over HTTPS, the best first'),
  ca: z.string().nullable().describe('PEM of its own certificate authority; null where others vouch for it'),
  fingerprint: z.string().nullable().describe('SHA-256 of that certificate, in pairs'),
  mac: z.string().describe('HMAC-SHA-256 of that certificate (DER; of nothing if null) by the second half, base64url'),
})
