import type { VariableChanges } from '#server/config/kept-variables.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { fileSource } from '#server/lan/file-source.ts'
import { answerStep, type Claimant } from './answer-step.ts'

/** What the server is called, and who vouches for it. */
export type ServerName = { hostname: string } & (
  | { tls: 'local-ca' }
  /** PEM files on the server's machine. */
  | { tls: 'files'; certificate: string; key: string }
  /** `proxies`: addresses whose word is taken, separated by commas. */
  | { tls: 'proxy'; publicUrl: string; proxies: string }
)

/**
 * Name the server and choose its certificate. HTTPS is opened when set-up ends, so both hold from its first answer.
 *
 * @throws as `answerStep`; certificate.unusable with the reason when the files are not a certificate and its key
 */
export async function nameServer(ctx: Context, claimant: Claimant, given: ServerName): Promise<void> {
  if (given.tls === 'files')
    await fileSource(given)
      .read()
      .catch((cause: Error) => {
        throw new Problem('certificate.unusable', { facts: { reason: cause.message }, cause })
      })
  await answerStep(ctx, claimant, 'name', variablesOf(given))
}

function variablesOf(given: ServerName): VariableChanges {
  return {
    HEARTHKEEP_HOSTNAME: given.hostname.trim().toLowerCase(),
    HEARTHKEEP_TLS: given.tls,
    HEARTHKEEP_TLS_CERT: given.tls === 'files' ? given.certificate : null,
    HEARTHKEEP_TLS_KEY: given.tls === 'files' ? given.key : null,
    HEARTHKEEP_PUBLIC_URL: given.tls === 'proxy' ? given.publicUrl : null,
    HEARTHKEEP_TRUSTED_PROXIES: given.tls === 'proxy' ? given.proxies : null,
  }
}
