import { ProtocolError } from '#client/transport/errors.ts'

/** What a sign-in gives (cloud-backup §2, AuthResponse). Keep it as carefully as a password. */
export type Session = {
  /** A JWT, good for 15 minutes. */
  token: string
  /** Good for one refresh within 30 days. */
  refreshToken: string
  /** When `token` ends, in seconds since 1970. */
  expiresAt: number
  /** Present: the session addresses this device's slot. Absent: the user's own slot. */
  deviceId?: string
}

/** A registered device. */
export type Device = {
  deviceId: string
  name: string | null
  /** RFC 3339. */
  createdAt: string
}

/** @throws ProtocolError when the answer is not an AuthResponse */
export function readSession(value: unknown): Session {
  const { token, refreshToken, expiresAt, deviceId } = fieldsOf(value)
  if (typeof token !== 'string' || typeof refreshToken !== 'string' || typeof expiresAt !== 'number') throw unexpected()
  return { token, refreshToken, expiresAt, deviceId: typeof deviceId === 'string' ? deviceId : undefined }
}

/** @throws ProtocolError */
export function readDevice(value: unknown): Device {
  const { deviceId, name, createdAt } = fieldsOf(value)
  if (typeof deviceId !== 'string' || typeof createdAt !== 'string') throw unexpected()
  return { deviceId, name: typeof name === 'string' ? name : null, createdAt }
}

/** @throws ProtocolError */
export function readDevices(value: unknown): Device[] {
  const { devices } = fieldsOf(value)
  if (!Array.isArray(devices)) throw unexpected()
  return devices.map(readDevice)
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unexpected()
  return value as Record<string, unknown>
}

function unexpected(): ProtocolError {
  return new ProtocolError('The answer is not what a Hearthkeep server sends. Is the address right?')
}
