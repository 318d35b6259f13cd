import type { z } from 'zod'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { CloudActor } from '#server/people/bearer.ts'
import { type CloudSession, sealSession, startSession } from '#server/people/cloud-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { deleteSessionsOfDevice } from '#server/people/store.ts'
import {
  countDevices,
  type DeviceRow,
  deleteDevice,
  deletePreKeys,
  deleteSlot,
  insertDevice,
  insertPreKeys,
  readDevice,
  readSlot,
  updateDevice,
} from './store.ts'
import { verifyXeddsa } from './verify-xeddsa.ts'
import type { NewDevice, NewKeys } from './wire.ts'

const mostDevices = 10

type Caller = { userAgent: string | null; address: string }

/**
 * Register a device with the keys it made and sign it in.
 *
 * @throws input.invalid on a bad signature, device.limit_reached (cloud-backup §2), auth.signed_out: no new session
 *   comes of one that was ended
 */
export async function addDevice(
  ctx: Context,
  actor: CloudActor,
  keys: z.infer<typeof NewDevice>,
  caller: Caller,
): Promise<CloudSession> {
  requireSignature(keys.identityKey, keys.signedPreKey)
  const { accountId } = actor
  const deviceId = ctx.ids.uuid()
  const started = await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    if (countDevices(tx, accountId) >= mostDevices)
      throw new Problem('device.limit_reached', {
        message: `Device limit reached. Maximum allowed is ${mostDevices}.`,
      })
    insertDevice(tx, {
      id: deviceId,
      accountId,
      name: keys.name ?? null,
      registrationId: keys.registrationId,
      identityKey: keys.identityKey,
      ...signedPreKeyColumns(keys.signedPreKey),
      createdAt: ctx.clock.now(),
    })
    insertPreKeys(tx, deviceId, keys.oneTimePreKeys)
    recordEvent(ctx, tx, { event: 'device.added', accountId, address: caller.address, details: { device: deviceId } })
    return startSession(ctx, tx, { accountId, deviceId, ...caller })
  })
  return sealSession(ctx, { accountId, deviceId }, started)
}

/**
 * Replace a device's keys. With another identity key this is a takeover: all keys go, the backup stays.
 *
 * @throws input.invalid on a bad signature or a signed pre-key id that does not grow (cloud-backup §2), auth.signed_out
 */
export async function replaceKeys(
  ctx: Context,
  actor: CloudActor & { deviceId: string },
  keys: z.infer<typeof NewKeys>,
): Promise<void> {
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    const device = findDevice(tx, actor, actor.deviceId)
    const identityKey = keys.identityKey ?? device.identityKey
    requireSignature(identityKey, keys.signedPreKey)
    const takeover = identityKey !== device.identityKey
    if (!takeover && keys.signedPreKey.keyId <= device.signedPreKeyId)
      throw new Problem('input.invalid', {
        message: `Signed Pre-Key ID ${keys.signedPreKey.keyId} must be greater than current ID ${device.signedPreKeyId}`,
      })
    if (takeover) deletePreKeys(tx, device.id)
    updateDevice(tx, device.id, {
      identityKey,
      registrationId: keys.registrationId ?? device.registrationId,
      ...signedPreKeyColumns(keys.signedPreKey),
    })
    insertPreKeys(tx, device.id, keys.oneTimePreKeys)
    if (takeover)
      recordEvent(ctx, tx, {
        event: 'device.keys_replaced',
        accountId: actor.accountId,
        details: { device: device.id },
      })
  })
}

/** @throws not_found for a device of somebody else as for none at all */
export function findDevice(tx: Context['db']['read'], actor: CloudActor, id: string): DeviceRow {
  const device = readDevice(tx, actor.accountId, id)
  if (!device) throw new Problem('not_found')
  return device
}

/** @throws not_found, auth.signed_out */
export function renameDevice(ctx: Context, actor: CloudActor, id: string, name: string): Promise<DeviceRow> {
  return ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    const device = findDevice(tx, actor, id)
    updateDevice(tx, device.id, { name })
    return { ...device, name }
  })
}

/**
 * The device is signed out and its slot goes; the slot's bytes stay in the history until their retention ends.
 *
 * @throws not_found, auth.signed_out
 */
export async function removeDevice(ctx: Context, actor: CloudActor, id: string): Promise<void> {
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    const device = findDevice(tx, actor, id)
    const slot = readSlot(tx, { id: device.id, accountId: actor.accountId, deviceId: device.id })
    if (slot) {
      ctx.vault.retire(tx, slot.blobId)
      deleteSlot(tx, device.id)
    }
    deleteSessionsOfDevice(tx, actor.accountId, device.id)
    deleteDevice(tx, device.id)
    recordEvent(ctx, tx, { event: 'device.removed', accountId: actor.accountId, details: { device: device.id } })
  })
}

type SignedPreKey = z.infer<typeof NewDevice>['signedPreKey']

function signedPreKeyColumns(key: SignedPreKey) {
  return { signedPreKeyId: key.keyId, signedPreKey: key.publicKey, signedPreKeySignature: key.signature }
}

function requireSignature(identityKey: string, { publicKey, signature }: SignedPreKey): void {
  const [key, message, signed] = [identityKey, publicKey, signature].map((text) => Buffer.from(text, 'base64'))
  if (!key || !message || !signed || !verifyXeddsa(key, message, signed))
    throw new Problem('input.invalid', { message: 'Invalid signature' })
}
