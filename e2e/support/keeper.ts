import { memberPassword } from './members.ts'
import { type StartOptions, startServer, type TestServer } from './server.ts'

/** Who keeps the server that `startKeptServer` starts. */
export const keeper = { email: 'keeper@home.test', password: memberPassword }

/**
 * A server that is set up, with an admin, and speaks plain HTTP alone. Anybody may make an account, so that tests can
 * make members as apps do.
 */
export function startKeptServer({ env, ...options }: StartOptions = {}): Promise<TestServer> {
  return startServer({
    ...options,
    env: {
      HEARTHKEEP_ADMIN_EMAIL: keeper.email,
      HEARTHKEEP_ADMIN_PASSWORD: keeper.password,
      HEARTHKEEP_HTTPS_PORT: 'off',
      HEARTHKEEP_REGISTRATION: 'open',
      ...env,
    },
  })
}
