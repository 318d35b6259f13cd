import { randomBytes } from 'node:crypto'

export const password = 's3cr37!p4ssw0r'
export const pin = '123456'

/** An address that no other test has. */
export function freshEmail(): string {
  return `user_${randomBytes(6).toString('hex')}@gmail.com`
}

export type GraphqlError = {
  message: string
  locations?: Array<{ line: number; column: number }>
  path?: Array<string | number>
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type GraphqlAnswer = { data?: any; errors?: GraphqlError[] }

export type Said = { status: number; headers: Headers; answer: GraphqlAnswer }

/** One request as phones send it. @param token  with its scheme, or bare */
export async function graphql(
  url: string,
  query: string,
  variables?: Record<string, unknown>,
  token?: string | null,
): Promise<Said> {
  return post(url, JSON.stringify({ query, ...(variables ? { variables } : {}) }), {
    ...(token ? { Authorization: token } : {}),
  })
}

/** Any body with any headers; JSON unless said otherwise. */
export async function post(url: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Said> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, answer: (await response.json()) as GraphqlAnswer }
}

export type Phone = Awaited<ReturnType<typeof signUp>>

/** Somebody new, signed in. */
export async function signUp(url: string, email = freshEmail()) {
  const given = { email, password }
  const registered = await graphql(
    url,
    'mutation ($email: String, $password: String) { registerUser(email: $email, password: $password) { email } }',
    given,
  )
  if (registered.answer.errors) throw new Error(`registering: ${JSON.stringify(registered.answer)}`)
  return signIn(url, email)
}

/** Somebody who is here already. */
export async function signIn(url: string, email: string, secret = password) {
  const { answer } = await graphql(
    url,
    'mutation ($email: String, $password: String) { signInUser(email: $email, password: $password) { token } }',
    { email, password: secret },
  )
  const token: string | undefined = answer.data?.signInUser?.token
  if (!token) throw new Error(`signing in: ${JSON.stringify(answer)}`)
  const ask = (query: string, variables?: Record<string, unknown>) => graphql(url, query, variables, `Bearer ${token}`)
  return {
    email,
    token,
    ask,
    /** @returns the device's number */
    async addDevice(name = 'iPhone XS Max', devicePin = pin): Promise<number> {
      const made = await ask(
        'mutation ($name: String, $password: String) { addDevice(name: $name, password: $password) { id } }',
        {
          name,
          password: devicePin,
        },
      )
      return Number(made.answer.data.addDevice.id)
    },
    addOtp: (device_id: number, account: string, secret: string, devicePin = pin) =>
      ask(addOtpQuery, { device_id, account, secret, password: devicePin }),
    otps: (device_id: number, devicePin = pin) => ask(otpsQuery, { device_id, password: devicePin }),
  }
}

export const addOtpQuery =
  'mutation ($account: String, $secret: String, $device_id: Int, $password: String) { addOtp(account: $account, secret: $secret, device_id: $device_id, password: $password) { id account } }'
export const otpsQuery =
  'query ($device_id: Int!, $password: String!) { otps(device_id: $device_id, password: $password) { id account secret } }'

/** Messages of the errors of an answer. */
export function messagesOf({ answer }: Said): string[] {
  return (answer.errors ?? []).map(({ message }) => message)
}
