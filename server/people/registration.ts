import type { Settings } from '#server/config/settings.ts'
import { Problem } from '#server/kit/problem.ts'

export type RegistrationPolicy = 'open' | 'invite' | 'closed'

/** Open until set-up is finished (the server listens on loopback only then), by invitation afterwards (design §6). */
export function registrationPolicy({ values }: Settings): RegistrationPolicy {
  return values.registration ?? (values.setUpAt === null ? 'open' : 'invite')
}

/** @throws auth.registration_closed unless anybody may make an account */
export function requireOpenRegistration(settings: Settings): void {
  if (registrationPolicy(settings) !== 'open') throw new Problem('auth.registration_closed')
}
