import { isNotSignedIn, isRefused } from '#client/surfaces/otp/errors.ts'
import { OtpClient } from '#client/surfaces/otp/otp-client.ts'
import { signInRefused } from '#server/cli/terminal/failure.ts'
import { type PasswordReader, passwordReader } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { VerbContext } from '#server/cli/terminal/verb-group.ts'
import type { StoreOptions } from './common-options.ts'

export type Session = AsyncDisposable & { client: OtpClient; server: string }

/** The server of the options, and the reader that asks for the account's password now and for others later. */
export function prepareSession({ terminal, localServer }: VerbContext, options: StoreOptions) {
  const transport = chooseServer(options.server, terminal, localServer)
  const passwords = passwordReader(terminal, options)
  return { passwords, open: () => openSession(new OtpClient({ server: transport }), options, passwords) }
}

/**
 * Sign in, and with `register` make the account if that is refused. Signs out at the end of its scope, so that no
 * tokens pile up on the server.
 *
 * @throws sign-in failure with a hint; NetworkError, ServerError
 */
async function openSession(client: OtpClient, options: StoreOptions, passwords: PasswordReader): Promise<Session> {
  const { email, register } = options
  const password = await passwords.account()
  try {
    await client.signIn(email, password)
  } catch (error) {
    if (!isNotSignedIn(error)) throw error
    if (register === undefined) throw signInRefused(error.message)
    if (!register) throw signInRefused(`${error.message}. --register makes an account that does not exist yet`)
    await makeAccount(client, email, password)
  }
  const server = client.transport.baseUrl
  return { client, server, [Symbol.asyncDispose]: () => client.signOut() }
}

async function makeAccount(client: OtpClient, email: string, password: string): Promise<void> {
  try {
    await client.register(email, password)
  } catch (error) {
    if (isRefused(error, 'account-exists')) throw signInRefused('The account exists, and the account password is wrong')
    if (isRefused(error)) throw signInRefused(`Not registered: ${error.message}`)
    throw error
  }
  await client.signIn(email, password)
}
