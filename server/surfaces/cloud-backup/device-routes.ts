import { empty, json } from '#server/http/answers.ts'
import { type EndpointSpec, endpoint } from '#server/http/endpoint.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import type { Route } from '#server/http/route-table.ts'
import { authenticateBearer, authenticateDevice, type CloudActor } from '#server/people/bearer.ts'
import { addDevice, findDevice, removeDevice, renameDevice, replaceKeys } from './devices.ts'
import { cloudBackup as surface } from './errors.ts'
import { signedInAs } from './session-answer.ts'
import { type DeviceRow, listDevices } from './store.ts'
import {
  AuthResponse,
  DeviceList,
  DeviceName,
  DeviceParams,
  DeviceResponse,
  jsonLimit,
  NewDevice,
  NewKeys,
} from './wire.ts'

/** Token bucket of cloud-backup §2, last point. */
const deviceLimit: RateLimit = { name: 'cloud-devices', perSecond: 10, burst: 20 }

const signedIn = { auth: authenticateBearer, security: 'bearer' } as const
const onDevice = { auth: authenticateDevice, security: 'bearer' } as const

const postDevice = endpoint({
  ...signedIn,
  surface,
  name: 'addDevice',
  summary: 'Register a device with its public keys',
  limit: deviceLimit,
  body: { json: NewDevice, limit: jsonLimit },
  answers: {
    201: { description: 'a device-scoped session', schema: AuthResponse },
    400: 'keys not acceptable',
    403: 'ten devices already',
  },
  async handle({ ctx, actor, body, headers, peer }) {
    const caller = { userAgent: headers.get('user-agent'), address: peer.address }
    return signedInAs(201, await addDevice(ctx, actor, body, caller))
  },
})

const getDevices = endpoint({
  ...signedIn,
  surface,
  name: 'listDevices',
  summary: 'The person’s devices, oldest first',
  limit: deviceLimit,
  answers: { 200: { description: 'the devices', schema: DeviceList } },
  handle: ({ ctx, actor }) => json(200, { devices: listDevices(ctx.db.read, actor.accountId).map(deviceJson) }),
})

const oneDevice = {
  ...signedIn,
  surface,
  limit: deviceLimit,
  params: DeviceParams,
} satisfies Partial<EndpointSpec<CloudActor, { id: string }, undefined>>
const deviceAnswers = { 400: 'not a UUID', 404: 'no such device of this person' }

const getDevice = endpoint({
  ...oneDevice,
  name: 'getDevice',
  summary: 'One device',
  answers: { 200: { description: 'the device', schema: DeviceResponse }, ...deviceAnswers },
  handle: ({ ctx, actor, params }) => json(200, deviceJson(findDevice(ctx.db.read, actor, params.id))),
})

const putDevice = endpoint({
  ...oneDevice,
  name: 'renameDevice',
  summary: 'Rename a device',
  body: { json: DeviceName, limit: jsonLimit },
  answers: { 200: { description: 'the device', schema: DeviceResponse }, ...deviceAnswers },
  async handle({ ctx, actor, params, body }) {
    return json(200, deviceJson(await renameDevice(ctx, actor, params.id, body.name)))
  },
})

const deleteDevice = endpoint({
  ...oneDevice,
  name: 'removeDevice',
  summary: 'Sign a device out and remove it with its slot',
  answers: { 200: 'removed', ...deviceAnswers },
  async handle({ ctx, actor, params }) {
    await removeDevice(ctx, actor, params.id)
    return empty(200)
  },
})

const postKeys = endpoint({
  ...onDevice,
  surface,
  name: 'replaceDeviceKeys',
  summary: 'Replace this device’s keys',
  limit: deviceLimit,
  body: { json: NewKeys, limit: jsonLimit },
  answers: { 200: 'replaced', 400: 'keys not acceptable', 403: 'not a device-scoped token' },
  async handle({ ctx, actor, body }) {
    await replaceKeys(ctx, actor, body)
    return empty(200)
  },
})

export const deviceRoutes: Route[] = [
  { path: '/v1/devices', surface, methods: { GET: getDevices, POST: postDevice } },
  { path: '/v1/devices/keys', surface, methods: { POST: postKeys } },
  { path: '/v1/devices/:id', surface, methods: { GET: getDevice, PUT: putDevice, DELETE: deleteDevice } },
]

function deviceJson(device: DeviceRow) {
  return { deviceId: device.id, name: device.name, createdAt: new Date(device.createdAt).toISOString() }
}
