/** Adding an OIDC account by a passkey inside a Turnkey activity (factor-backup §4.7, §5.6). */
import { type Api, type EncryptionKey, ok } from './factors.ts'
import { authorize, type Session } from './factors-oidc.ts'
import { origin, type PasskeyBackup } from './factors-passkeys.ts'
import { type AssertionOddities, stampActivity } from './software-authenticator.ts'

export type Announced = {
  existingFactorChallenge: string
  existingFactorToken: string
  newFactorChallenge: string
  newFactorToken: string
}

export async function announce(api: Api, oidcToken: string): Promise<Announced> {
  const newFactor = { kind: 'OIDC_ACCOUNT', oidcToken }
  return ok(await api.send('add-factor/challenge', { newFactor })) as Announced
}

/** What Turnkey would be asked to do. Members given as undefined are left out. */
export function activityOf(challenge: string | undefined, over: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'ACTIVITY_TYPE_CREATE_API_KEYS_V2',
    timestampMs: String(Date.now()),
    organizationId: 'organization',
    parameters: { apiKeys: [] },
    metadata: { challenge },
    ...over,
  })
}

export type AddFactorBody = Record<string, unknown> & { newFactorAuthorization: ReturnType<typeof authorize> }

/** A right request, with the activity and the assertion made odd where a test wants it. */
export async function addFactorBody(
  api: Api,
  one: PasskeyBackup,
  session: Session,
  odd: {
    activity?: (challenge: string) => string
    assertion?: AssertionOddities
    /** Sent in place of what was signed. */
    sent?: (activity: string) => string
    encryptedBackupKey?: EncryptionKey
  } = {},
): Promise<AddFactorBody> {
  const announced = await announce(api, session.token)
  const activity = (odd.activity ?? activityOf)(announced.existingFactorChallenge)
  const credential = stampActivity(activity, one.passkey, { origin, rpId: 'keys.world.app', ...odd.assertion })
  return {
    existingFactorAuthorization: { kind: 'PASSKEY', credential },
    existingFactorChallengeToken: announced.existingFactorToken,
    existingFactorTurnkeyActivity: odd.sent ? odd.sent(activity) : activity,
    newFactorAuthorization: authorize(session, announced.newFactorChallenge),
    newFactorChallengeToken: announced.newFactorToken,
    turnkeyProviderId: 'provider',
    ...(odd.encryptedBackupKey ? { encryptedBackupKey: odd.encryptedBackupKey } : {}),
  }
}
