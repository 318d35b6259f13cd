import { type DescribedVariable, describeVariables } from '#server/config/describe-variables.ts'
import { changeVariables, type VariableChanges } from '#server/config/kept-variables.ts'
import type { VariableGroup } from '#server/config/variable-facts.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { fileSource } from '#server/lan/file-source.ts'
import { requireProof } from '#server/people/require-proof.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'
import { readVisitor } from './session-cookie.ts'

export type { DescribedVariable, VariableGroup }

/** Why a setting was not taken: wrong by itself, or missing for what another one says. */
export type RefusedSetting = { name: string; why: 'invalid' | 'needed' | 'together' }

/** What the pages say about all settings, in their order. */
export function settingsFor(_admin: Admin): DescribedVariable[] {
  return describeVariables(house().ctx)
}

/**
 * Change settings, all or none.
 *
 * @returns those that cannot be taken; none = all were
 * @throws auth.proof_needed, config.pinned; input.invalid for what is changed elsewhere
 */
export async function changeSettingsFor(admin: Admin, changes: VariableChanges): Promise<RefusedSetting[]> {
  const { ctx } = house()
  requireProof(ctx, admin)
  const described = new Map<string, DescribedVariable>(describeVariables(ctx).map((one) => [one.name, one]))
  const names = Object.keys(changes)
  if (names.some((name) => described.get(name)?.changedBy !== 'keeper')) throw new Problem('input.invalid')
  const unreadable = await unreadableCertificate(described, changes)
  if (unreadable.length > 0) return unreadable
  try {
    await changeVariables(ctx, admin, changes, (await readVisitor()).address)
    return []
  } catch (error) {
    if (isProblem(error) && error.code === 'config.refused') return refusedIn(String(error.facts.faults))
    throw error
  }
}

/** A certificate that cannot be read would stop the next start; better to be told now. */
async function unreadableCertificate(
  described: Map<string, DescribedVariable>,
  changes: VariableChanges,
): Promise<RefusedSetting[]> {
  const names = ['HEARTHKEEP_TLS', 'HEARTHKEEP_TLS_CERT', 'HEARTHKEEP_TLS_KEY']
  if (!names.some((name) => name in changes)) return []
  const [mode, certificate, key] = names.map((name) => (name in changes ? changes[name] : described.get(name)?.value))
  if (mode !== 'files' || !certificate || !key) return []
  try {
    await fileSource({ certificate, key }).read()
    return []
  } catch {
    return names.slice(1).map((name) => ({ name, why: 'invalid' }))
  }
}

/** Faults begin with the names they are about. */
function refusedIn(faults: string): RefusedSetting[] {
  return faults.split('\n').flatMap((fault) => {
    const [subject = '', words = ''] = fault.split(/: (.*)/)
    const why = /^needed/.test(words) ? 'needed' : /not both/.test(words) ? 'together' : 'invalid'
    return subject.split(', ').map((name) => ({ name, why }) as const)
  })
}
