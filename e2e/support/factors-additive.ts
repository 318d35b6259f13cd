/** Routes that the original lacks: more main factors, history, restore (server/surfaces/factors/README.md). */
import type { Api, EncryptionKey } from './factors.ts'

/** Proves something for the side of a challenge it gets: base64 for keys, options for passkeys. */
export type Prover = { kind: 'PASSKEY' | 'OIDC_ACCOUNT' | 'EC_KEYPAIR'; prove(challenge: never): unknown }

export type Addition = {
  existing: Prover
  fresh: Prover
  encryptedBackupKey?: EncryptionKey | null
  replaceEncryptionKey?: boolean
  turnkeyProviderId?: string
}

export type PairOfChallenges = {
  existingFactorChallenge: never
  existingFactorToken: string
  newFactorChallenge: never
  newFactorToken: string
}

const names = { name: 'ada@x.org', displayName: 'Ada', platform: 'IOS' }

export async function mainFactorChallenges(api: Api, existing: Prover, fresh: Prover): Promise<PairOfChallenges> {
  const request = { existingKind: existing.kind, newKind: fresh.kind, ...(fresh.kind === 'PASSKEY' ? names : {}) }
  const [status, body] = await api.send('add-main-factor/challenge', request)
  if (status !== 200) throw new Error(`add-main-factor/challenge: ${status} ${JSON.stringify(body)}`)
  return body as PairOfChallenges
}

/** The body of `/add-main-factor`, both sides proved. */
export async function additionBody(api: Api, { existing, fresh, ...more }: Addition): Promise<Record<string, unknown>> {
  const pair = await mainFactorChallenges(api, existing, fresh)
  return {
    existingFactorAuthorization: existing.prove(pair.existingFactorChallenge),
    existingFactorChallengeToken: pair.existingFactorToken,
    newFactorAuthorization: fresh.prove(pair.newFactorChallenge),
    newFactorChallengeToken: pair.newFactorToken,
    ...more,
  }
}

export async function addMainFactor(api: Api, addition: Addition): Promise<[number, unknown]> {
  return api.send('add-main-factor', await additionBody(api, addition))
}
