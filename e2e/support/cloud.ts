import { randomBytes } from 'node:crypto'
import { createDeviceKeys } from '#client/surfaces/cloud-backup/device-keys.ts'

export type Session = { token: string; refreshToken: string; expiresAt: number; deviceId?: string }

export const password = 'correct horse battery'

/** A user name that no other test has. */
export function freshName(): string {
  return `user_${randomBytes(6).toString('hex')}`
}

export function postJson(url: string, path: string, body: unknown, token?: string): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  })
}

/** A new person, signed in without a device. */
export async function signUp(url: string, username = freshName()): Promise<Session & { username: string }> {
  const response = await postJson(url, '/v1/users', { username, password })
  if (response.status !== 201) throw new Error(`sign-up: ${response.status} ${await response.text()}`)
  return { ...((await response.json()) as Session), username }
}

/** A new device of that person, signed in. */
export async function addDevice(url: string, token: string): Promise<Session & { deviceId: string }> {
  const { registration } = await createDeviceKeys('phone')
  const response = await postJson(url, '/v1/devices', registration, token)
  if (response.status !== 201) throw new Error(`device: ${response.status} ${await response.text()}`)
  return (await response.json()) as Session & { deviceId: string }
}

/** A slot as its owner sees it, with whatever headers a test wants. */
export function slot(url: string, token: string) {
  const headers = { Authorization: `Bearer ${token}` }
  return {
    put: (body: Uint8Array, more: Record<string, string> = {}) =>
      fetch(`${url}/v1/backup`, { method: 'POST', headers: { ...headers, ...more }, body: Buffer.from(body) }),
    get: (more: Record<string, string> = {}) => fetch(`${url}/v1/backup`, { headers: { ...headers, ...more } }),
    head: (more: Record<string, string> = {}) =>
      fetch(`${url}/v1/backup`, { method: 'HEAD', headers: { ...headers, ...more } }),
  }
}

/** Status and body of an answer in one value to compare with. */
export async function said(response: Response | Promise<Response>): Promise<[status: number, body: unknown]> {
  const answer = await response
  const text = await answer.text()
  return [answer.status, answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text]
}

export function error(text: string): { error: string } {
  return { error: text }
}
