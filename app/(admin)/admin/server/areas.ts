import type { VariableGroup } from '#app/_server/server-settings.ts'

/** The pages below `/admin/server`, and which settings each has. */
export const areas = {
  network: ['address', 'certificates'],
  mail: ['mail'],
  rules: ['registration', 'sessions', 'limits', 'history', 'operation log'],
  apps: ['sign-in services', 'relying party', 'attestation'],
  storage: ['storage', 'snapshots'],
  watching: ['watching'],
} as const satisfies Record<string, readonly VariableGroup[]>

export type Area = keyof typeof areas
