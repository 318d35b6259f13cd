import { Client } from './client.ts'

/** A person with a cloud session and the version of their slot they last saw. */
export type CloudUser = { client: Client; authorization: string; etag: string | null }

const password = 'correct horse battery staple'

/** Sign up new people, each with a connection of their own. */
export async function signUp(url: string, names: string[]): Promise<CloudUser[]> {
  const users: CloudUser[] = []
  for (const username of names) {
    const client = new Client(url)
    const { text } = await client.mustAsk('/v1/users', jsonPost({ username, password }))
    users.push({ client, authorization: `Bearer ${(JSON.parse(text) as { token: string }).token}`, etag: null })
  }
  return users
}

/** The request by which an existing person signs in. */
export function signInRequest(username: string) {
  return jsonPost({ username, password })
}

/** Headers of an upload: who, and the version to replace. */
export function uploadHeaders({ authorization, etag }: CloudUser): Record<string, string> {
  return { authorization, 'content-type': 'application/octet-stream', 'if-match': etag ?? '0' }
}

function jsonPost(value: unknown) {
  const body = Buffer.from(JSON.stringify(value))
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body } as const
}
