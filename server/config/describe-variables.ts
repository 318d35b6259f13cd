import { z } from 'zod'
import { type Config, defaultHostname } from './env.ts'
import { defaultSettings, type Settings, type SettingValues } from './settings.ts'
import { isPinned, mergeSources } from './sources.ts'
import { waitsForRestart } from './takes-effect.ts'
import { type DescribedName, type VariableGroup, type VariableKind, variableFacts } from './variable-facts.ts'
import { settingVariables, variables } from './variables.ts'

/** One setting of the server, for the keeper: texts are spelled as the environment would have them. */
export type DescribedVariable = {
  name: DescribedName
  group: VariableGroup
  kind: VariableKind
  /** As it is set; null when it is not, and for every secret. */
  value: string | null
  isSet: boolean
  source: 'environment' | 'kept' | 'restored' | 'default'
  /** What holds while it is not set; null = nothing, or what follows from the others. */
  default: string | null
  /** Of a choice. */
  choices: string[] | null
  /** Of a number; null = no such limit. */
  least: number | null
  most: number | null
  takesEffect: 'now' | 'restart'
  /** It is set to something that the process does not go by yet. */
  isWaiting: boolean
  /** `storage`: by moving the store, which takes its time. */
  changedBy: 'keeper' | 'storage'
}

/** Every setting of this server, in the order of the pages. */
export function describeVariables({ config, settings }: { config: Config; settings: Settings }): DescribedVariable[] {
  const isSetUp = settings.values.setUpAt !== null
  const given = mergeSources(config.sources)
  const names = Object.keys(variableFacts) as DescribedName[]
  return names.map((name) => {
    const [group, kind] = variableFacts[name]
    const text = name === 'HEARTHKEEP_HTTP_PORT' ? (given[name] ?? given.PORT) : given[name]
    return {
      name,
      group,
      kind,
      value: kind === 'secret' ? null : (text ?? null),
      isSet: text !== undefined,
      source: sourceOf(config, name),
      default: defaultOf(name, isSetUp),
      ...limitsOf(name),
      takesEffect: waitsForRestart(name, isSetUp) ? 'restart' : 'now',
      isWaiting: given[name] !== config.sources.inEffect[name],
      changedBy: group === 'storage' ? 'storage' : 'keeper',
    }
  })
}

function sourceOf({ sources }: Config, name: DescribedName): DescribedVariable['source'] {
  if (isPinned(sources, name)) return 'environment'
  if (name in sources.kept) return 'kept'
  return name in sources.restored ? 'restored' : 'default'
}

const settingOf = Object.fromEntries(Object.entries(settingVariables).map(([setting, name]) => [name, setting]))

function defaultOf(name: DescribedName, isSetUp: boolean): string | null {
  if (name === 'HEARTHKEEP_HOSTNAME') return defaultHostname()
  if (name === 'HEARTHKEEP_REGISTRATION') return isSetUp ? 'invite' : 'open'
  if (name in fixedDefaults) return fixedDefaults[name] ?? null
  const own = settingOf[name] ? defaultSettings[settingOf[name] as keyof SettingValues] : undefined
  const value = own ?? variables[name].safeParse(undefined).data
  if (value === undefined || value === null || value === '') return null
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** Known to `readConfig` alone. */
const fixedDefaults: Partial<Record<DescribedName, string>> = {
  HEARTHKEEP_HTTP_PORT: '4180',
  HEARTHKEEP_HTTPS_PORT: '4443',
  HEARTHKEEP_TLS: 'local-ca',
  HEARTHKEEP_MAIL_FROM: 'hearthkeep@localhost',
}

function limitsOf(name: DescribedName): Pick<DescribedVariable, 'choices' | 'least' | 'most'> {
  const shape = bare(variables[name])
  const choices = shape instanceof z.ZodEnum ? shape.options.map(String) : null
  const [least, most] = shape instanceof z.ZodNumber ? [shape.minValue, shape.maxValue] : [null, null]
  return { choices, least: finite(least), most: finite(most) }
}

function bare(shape: unknown): unknown {
  return shape instanceof z.ZodOptional || shape instanceof z.ZodDefault ? bare(shape.unwrap()) : shape
}

function finite(limit: number | null): number | null {
  return limit !== null && Number.isSafeInteger(limit) && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : null
}
