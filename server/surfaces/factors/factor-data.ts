import { maskEmail } from './mask-email.ts'
import type { ExportedFactor, FactorKind } from './wire.ts'

/** What is kept of a factor beyond its row, by kind (JSON). */
export type PasskeyData = {
  kind: 'PASSKEY'
  /** Base64url, as in the lookup key. */
  credentialId: string
  /** COSE key, base64. */
  publicKey: string
  algorithm: 'ES256' | 'RS256'
  counter: number
  backupEligible: boolean
  backedUp: boolean
  aaguid: string
  transports: string[]
  /** The client's registration credential, verbatim: it is handed back for Turnkey (factor-backup §2.4). */
  registration: unknown
  label: string
}

export type OidcData = {
  kind: 'OIDC_ACCOUNT'
  provider: 'GOOGLE' | 'APPLE'
  issuer: string
  subject: string
  turnkeyProviderId: string
  maskedEmail: string
}

export type KeypairData = {
  kind: 'EC_KEYPAIR'
  /** Base64 of the uncompressed point, as registered. */
  publicKey: string
}

export type FactorData = PasskeyData | OidcData | KeypairData

/** One a (scope, factor); ends never leave the server (factor-backup §5.1). */
export function lookupKeyOf(data: Identity): string {
  switch (data.kind) {
    case 'PASSKEY':
      return `passkey ${data.credentialId}`
    case 'OIDC_ACCOUNT':
      return `oidc ${JSON.stringify([data.issuer, data.subject])}`
    case 'EC_KEYPAIR':
      return `ec ${data.publicKey}`
  }
}

export type Identity =
  | Pick<PasskeyData, 'kind' | 'credentialId'>
  | Pick<OidcData, 'kind' | 'issuer' | 'subject'>
  | Pick<KeypairData, 'kind' | 'publicKey'>

export function oidcData(
  account: { provider: 'GOOGLE' | 'APPLE'; issuer: string; subject: string; email: string },
  turnkeyProviderId: string,
): OidcData {
  const { provider, issuer, subject, email } = account
  return { kind: 'OIDC_ACCOUNT', provider, issuer, subject, turnkeyProviderId, maskedEmail: maskEmail(email) }
}

/** As clients see a factor; neither issuer and subject nor the passkey's counters (factor-backup §2.4). */
export function exportFactor(factor: { id: string; createdAt: number; data: FactorData }): ExportedFactor {
  return { id: factor.id, createdAt: Math.floor(factor.createdAt / 1000), kind: exportKind(factor.data) }
}

function exportKind(data: FactorData): FactorKind {
  switch (data.kind) {
    case 'PASSKEY': {
      const { kind, credentialId, registration, label } = data
      return { kind, credentialId, registration, label }
    }
    case 'OIDC_ACCOUNT': {
      const account = { kind: data.provider, maskedEmail: data.maskedEmail }
      return { kind: data.kind, account, turnkeyProviderId: data.turnkeyProviderId }
    }
    case 'EC_KEYPAIR':
      return { kind: data.kind, publicKey: data.publicKey }
  }
}
