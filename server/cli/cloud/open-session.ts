import { CloudBackupClient } from '#client/surfaces/cloud-backup/cloud-backup-client.ts'
import { isServerError } from '#client/transport/errors.ts'
import type { Transport } from '#client/transport/transport.ts'
import { signInRefused } from '#server/cli/terminal/failure.ts'

export type Credentials = { user: string; password: string; signUp: boolean }

/**
 * Sign in, and with `signUp` create the user if the sign-in is refused. Signs out at the end of its scope, so that no
 * refresh tokens pile up on the server.
 *
 * @throws sign-in failure with a hint; NetworkError, ServerError
 */
export async function openSession(transport: Transport, { user, password, signUp }: Credentials) {
  const client = new CloudBackupClient({ server: transport })
  try {
    await client.signIn(user, password)
  } catch (error) {
    if (!isServerError(error, 401)) throw error
    if (!signUp) {
      throw signInRefused('Unknown user or wrong account password. --sign-up creates a user who does not exist yet')
    }
    await createUser(client, user, password)
  }
  return { client, [Symbol.asyncDispose]: () => client.signOut() }
}

async function createUser(client: CloudBackupClient, user: string, password: string): Promise<void> {
  try {
    await client.signUp(user, password)
  } catch (error) {
    if (isServerError(error, 409)) throw signInRefused('The user exists, and the account password is wrong')
    if (isServerError(error, 400) || isServerError(error, 403)) throw signInRefused(`Not signed up: ${error.message}`)
    throw error
  }
}
