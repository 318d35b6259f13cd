import { isIP } from 'node:net'
import { changeVariables } from '#server/config/kept-variables.ts'
import { publicUrl } from '#server/config/public-url.ts'
import { supportText } from '#server/keeping/support-text.ts'
import { Problem } from '#server/kit/problem.ts'
import type { LogLine } from '#server/kit/recent-lines.ts'
import { type CertificateFacts, describeTls } from '#server/lan/describe-tls.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { sendTestMail, type TestMail } from '#server/notices/send-test-mail.ts'
import { requireProof } from '#server/people/require-proof.ts'
import { HealthCheck } from '#server/surfaces/operations/check-health.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'
import { languageOfPage } from './language-of-page.ts'
import { readVisitor } from './session-cookie.ts'

export type { CertificateFacts, LogLine, TestMail }

export type CertificatesShown = {
  mode: 'local-ca' | 'files' | 'proxy' | 'off'
  ca: CertificateFacts | null
  server: CertificateFacts | null
  /** Something keeps the newest one from being used; the log says what. */
  isTroubled: boolean
  canRenew: boolean
  /** The name in use, when the certificate does not speak for it: the authority was made for another one. */
  lackingName: string | null
}

export async function certificatesFor(_admin: Admin): Promise<CertificatesShown> {
  const { config, certificates } = house().ctx
  // Files that cannot be read now are told by the keeper of those in use.
  const facts = await describeTls(config).catch(() => ({ mode: config.tls, ca: null, server: null }))
  const isTroubled = certificates !== null && certificates.trouble !== null
  const canRenew = certificates?.renews === true
  const lacks = canRenew && !certificates.current.leaf.checkHost(config.hostname) && isIP(config.hostname) === 0
  return { ...facts, isTroubled, canRenew, lackingName: lacks ? config.hostname : null }
}

/** @throws auth.proof_needed; not_found where certificates come from elsewhere */
export async function renewCertificateFor(admin: Admin): Promise<void> {
  const { ctx } = house()
  requireProof(ctx, admin)
  if (!ctx.certificates?.renews) throw new Problem('not_found')
  await ctx.certificates.renew()
}

/** A new authority: every device has to trust it anew. @throws as `renewCertificateFor` */
export async function replaceAuthorityFor(admin: Admin): Promise<void> {
  const { ctx } = house()
  requireProof(ctx, admin)
  if (!ctx.certificates?.renews) throw new Problem('not_found')
  const { address } = await readVisitor()
  await ctx.certificates.replaceCa()
  await ctx.db.write((tx) =>
    recordEvent(ctx, tx, { event: 'server.authority_replaced', accountId: admin.accountId, address }),
  )
}

/** @param recipient  an address */
export async function testMailFor(_admin: Admin, recipient: string): Promise<TestMail> {
  return sendTestMail(house().ctx, { recipient, language: await languageOfPage() })
}

/** The last lines of the log, the newest first. */
export function linesFor(_admin: Admin, levels: readonly string[], most: number): LogLine[] {
  const lines = house().ctx.lines.list()
  return lines
    .filter(({ level }) => levels.includes(level))
    .slice(-most)
    .reverse()
}

/** Where `/metrics` is asked for. */
export function metricsAddress(_admin: Admin): string {
  return `${publicUrl(house().ctx)}/metrics`
}

/** A new token for `/metrics`; the one before opens nothing any more. @throws auth.proof_needed, config.pinned */
export async function makeMetricsTokenFor(admin: Admin): Promise<string> {
  const { ctx } = house()
  requireProof(ctx, admin)
  const token = ctx.ids.random(32).toString('base64url')
  await changeVariables(ctx, admin, { HEARTHKEEP_METRICS_TOKEN: token }, (await readVisitor()).address)
  return token
}

export type Diagnosis = {
  version: string
  node: string
  /** Milliseconds. */
  startedAt: number
  now: number
  database: 'ok' | 'failed'
  store: 'ok' | 'failed'
  /** To copy for somebody who helps. */
  support: string
}

const checks = new HealthCheck()

export async function diagnosisFor(_admin: Admin): Promise<Diagnosis> {
  const { ctx } = house()
  const checked = await checks.run(ctx)
  const support = await supportText(ctx, checked)
  const { version, startedAt } = ctx
  return { version, node: process.version, startedAt, now: ctx.clock.now(), ...checked, support }
}
