import { Problem } from '#server/kit/problem.ts'

/**
 * PRF output is key material and must never reach the server; `prf.enabled` alone says only that the authenticator can
 * (factor-backup §3.4).
 *
 * @throws webauthn.prf_results whatever `results` holds
 */
export function refusePrfResults(credential: unknown): void {
  const prf = member(member(credential, 'clientExtensionResults'), 'prf')
  if (isObject(prf) && 'results' in prf) throw new Problem('webauthn.prf_results')
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
