import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { toBase64, toBase64Url } from '#client/encoding/base64.ts'
import { challengeOptions } from './challenge-text.ts'
import { FactorError, isFactorError } from './errors.ts'
import { type MainFactor, textOf } from './main-factor.ts'
import { addWrap, findWrap, randomSalt, unwrapUnder, wrapUnder } from './wrapped-key.ts'

export type PasskeyFactorOptions = {
  /** What the authenticator shows for a new passkey; neither may be empty. */
  names?: { name: string; displayName: string }
  /** What the backup's list of factors calls it. */
  label?: string
  /** Credential ids in base64url, where it is known which passkeys would do: the browser then offers no other. */
  only?: string[]
  /** Of passkeys the backup has already: a new one is made on another authenticator than theirs. */
  beside?: string[]
}

/** The same for every passkey and backup: at a retrieve, nothing is known yet of the backup or of who holds it. */
const prfInput = new TextEncoder().encode('hearthkeep factor-backup 1 prf')

/**
 * A passkey as main factor; its wraps are in the key of kind `PRF`. Browsers only. What the authenticator derives (the
 * PRF output, WebAuthn §10.1.4) never leaves the device; each ceremony's output is good for one wrap or unwrap.
 */
export function passkeyFactor({ names, label = '', only, beside }: PasskeyFactorOptions = {}): MainFactor {
  let usedId: string | null = null
  /** One that was just made is the one meant: people have others here, to sign in with. */
  let allowed = only
  let derived: { credentialId: string; output: Uint8Array<ArrayBuffer> } | null = null
  /** Takes the output away, so that it is not lying around. */
  const take = () => {
    const taken = derived
    derived = null
    if (taken === null) throw new FactorError('passkey-without-prf')
    return taken
  }
  return {
    kind: 'PASSKEY',
    names,
    async enroll(challenge) {
      const { credential, output } = await makePasskey(challengeOptions(challenge), beside)
      usedId = credential.id
      allowed = [credential.id]
      derived = { credentialId: credential.id, output }
      return { kind: 'PASSKEY', credential, label }
    },
    async authorize(challenge) {
      const { credential, output } = await askPasskey({ ...challengeOptions(challenge), ...allowing(allowed) })
      usedId = credential.id
      derived = output && { credentialId: credential.id, output }
      return { kind: 'PASSKEY', credential }
    },
    async wrap(backupKey, backupId, keys) {
      const { credentialId: id, output } = take()
      const salt = randomSalt()
      const key = await wrapUnder(output, salt, { for: 'prf', id, backupId }, backupKey)
      output.fill(0)
      const wrap = { for: 'prf' as const, id, salt: toBase64(salt), key }
      return { kind: 'PRF', encryptedKey: addWrap(textOf(keys, 'PRF'), wrap) }
    },
    async unwrap(keys, backupId) {
      const { credentialId: id, output } = take()
      const wrap = findWrap(textOf(keys, 'PRF') ?? '', 'prf', id)
      const backupKey = wrap && (await unwrapUnder(output, wrap, { for: 'prf', id, backupId }))
      output.fill(0)
      return backupKey
    },
    isSame: (factor) => factor.kind === 'PASSKEY' && factor.credentialId === usedId,
  }
}

function allowing(only: string[] | undefined): object {
  return only === undefined || only.length === 0 ? {} : { allowCredentials: descriptors(only) }
}

function descriptors(ids: string[] = []): Array<{ id: string; type: 'public-key' }> {
  return ids.map((id) => ({ id, type: 'public-key' }))
}

/**
 * Two ceremonies: one makes the passkey, the second proves that it derives a key again, and the same. Without that
 * proof a backup could be made that never opens.
 */
async function makePasskey(options: Record<string, unknown>, beside: string[] | undefined) {
  const asked = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const made = await ceremony(() =>
    startRegistration({
      optionsJSON: {
        ...asked,
        excludeCredentials: descriptors(beside),
        // A retrieve knows no credential id (factor-backup §3.4), so the passkey must be found without one.
        authenticatorSelection: {
          ...asked.authenticatorSelection,
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
        extensions: withPrf(asked.extensions),
      },
    }),
  )
  const proof = await askPasskey({
    challenge: toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(32))),
    rpId: asked.rp.id,
    allowCredentials: [{ id: made.id, type: 'public-key', transports: made.response.transports }],
    userVerification: 'required',
  })
  const first = prfOutputOf(made)
  if (proof.output === null) throw new FactorError('passkey-without-prf')
  if (first?.some((byte, index) => byte !== proof.output?.[index])) throw new FactorError('passkey-failed')
  first?.fill(0)
  return { credential: withoutPrfOutput(made), output: proof.output }
}

async function askPasskey(options: Record<string, unknown>) {
  const asked = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const used = await ceremony(() =>
    startAuthentication({ optionsJSON: { ...asked, extensions: withPrf(asked.extensions) } }),
  )
  return { credential: withoutPrfOutput(used), output: prfOutputOf(used) }
}

function withPrf(extensions: object | undefined): PublicKeyCredentialRequestOptionsJSON['extensions'] {
  return { ...extensions, prf: { eval: { first: prfInput } } } as PublicKeyCredentialRequestOptionsJSON['extensions']
}

type PrfResults = { prf?: { enabled?: boolean; results?: { first?: BufferSource } } }

function prfOutputOf(credential: { clientExtensionResults: object }): Uint8Array<ArrayBuffer> | null {
  const first = (credential.clientExtensionResults as PrfResults).prf?.results?.first
  if (first === undefined) return null
  const bytes = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first.slice(0))
  return bytes.byteLength === 32 ? new Uint8Array(bytes) : null
}

/**
 * What may be sent: the output is key material, and the server refuses it (factor-backup §3.4). Whether PRF is there at
 * all may be said.
 */
export function withoutPrfOutput<C extends RegistrationResponseJSON | AuthenticationResponseJSON>(credential: C): C {
  const { prf, ...others } = credential.clientExtensionResults as PrfResults
  const told = prf?.enabled === undefined ? {} : { prf: { enabled: prf.enabled } }
  return { ...credential, clientExtensionResults: { ...others, ...told } }
}

async function ceremony<T>(perform: () => Promise<T>): Promise<T> {
  try {
    return await perform()
  } catch (cause) {
    if (isFactorError(cause)) throw cause
    const name = cause instanceof Error ? cause.name : ''
    throw new FactorError(
      name === 'NotAllowedError' || name === 'AbortError' ? 'passkey-cancelled' : 'passkey-failed',
      { cause },
    )
  }
}
