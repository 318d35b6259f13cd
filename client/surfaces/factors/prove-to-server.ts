import type { FactorBackupClient, KeypairPurpose, PasskeyPurpose } from './factor-backup-client.ts'
import type { MainFactor } from './main-factor.ts'
import { keypairAuthorization, type SigningKey } from './signing-key.ts'
import type { Proof } from './wire.ts'

/** A fresh challenge, answered by a main factor. */
export async function proveMainFactor(
  client: FactorBackupClient,
  factor: MainFactor,
  purpose: PasskeyPurpose,
): Promise<Proof> {
  const challenge =
    factor.kind === 'PASSKEY' ? await client.passkeyChallenge(purpose) : await client.keypairChallenge(purpose)
  return { authorization: await factor.authorize(challenge), challengeToken: challenge.token }
}

/** A fresh challenge, answered by a sync factor. */
export async function proveSyncFactor(
  client: FactorBackupClient,
  signing: SigningKey,
  purpose: KeypairPurpose,
): Promise<Proof> {
  const { challenge, token } = await client.keypairChallenge(purpose)
  return { authorization: await keypairAuthorization(signing, challenge), challengeToken: token }
}
