import type { house } from './house.ts'

/** How long earlier versions are kept, and the time it is. */
export type HistoryRules = { historyVersions: number; historyDays: number; now: number }

export function historyRules({ settings, clock }: ReturnType<typeof house>['ctx']): HistoryRules {
  const { historyVersions, historyDays } = settings.values
  return { historyVersions, historyDays, now: clock.now() }
}
