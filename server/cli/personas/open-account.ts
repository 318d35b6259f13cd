import { isNotSignedIn } from '#client/surfaces/personas/errors.ts'
import { PersonasClient } from '#client/surfaces/personas/personas-client.ts'
import { isServerError } from '#client/transport/errors.ts'
import type { Transport } from '#client/transport/transport.ts'
import { signInRefused } from '#server/cli/terminal/failure.ts'

export type Access = { email: string; password: string; register: boolean }

/**
 * Sign in before anything large is sent, and with `register` make the account if the sign-in is refused.
 *
 * @returns a client that is signed in, and whether the account is new
 * @throws sign-in failure with a hint; NetworkError, ServerError
 */
export async function openAccount(transport: Transport, { email, password, register }: Access) {
  const client = new PersonasClient({ server: transport })
  try {
    await client.signIn(email, password)
    return { client, registered: false }
  } catch (error) {
    if (!isNotSignedIn(error)) throw error
    if (!register) throw signInRefused(`${error.message}. --register makes an account that does not exist yet`)
  }
  try {
    await client.register(email, password)
    return { client, registered: true }
  } catch (error) {
    if (isServerError(error, 409)) throw signInRefused('The account exists, and the account password is wrong')
    if (isServerError(error, 400) || isServerError(error, 403)) {
      throw signInRefused(`Not registered: ${error.message}`)
    }
    throw error
  }
}
