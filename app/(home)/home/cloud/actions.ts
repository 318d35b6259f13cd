'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { removeDeviceOf, renameDeviceOf, restoreSlotOf } from '#app/_server/cloud.ts'
import { requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'

const Version = z.object({ deviceId: z.uuid().nullable(), version: z.number().int().min(1) })
const DeviceId = z.uuid()
const DeviceName = z
  .string()
  .trim()
  .min(1)
  .refine((name) => [...name].length <= 100)

export async function restoreVersion(given: z.infer<typeof Version>): Promise<Outcome<number>> {
  return changed(async () => {
    const member = await requireMemberAction()
    const { deviceId, version } = readInput(Version, given)
    return restoreSlotOf(member, deviceId, version)
  })
}

/** @param form  `name`, up to 100 characters */
export async function renameDevice(deviceId: string, form: FormData): Promise<Outcome<void>> {
  return changed(async () => {
    const member = await requireMemberAction()
    await renameDeviceOf(member, readInput(DeviceId, deviceId), readInput(DeviceName, form.get('name')))
  })
}

export async function removeDevice(deviceId: string): Promise<Outcome<void>> {
  return changed(async () => {
    const member = await requireMemberAction()
    await removeDeviceOf(member, readInput(DeviceId, deviceId))
  })
}

async function changed<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  const outcome = await outcomeOf(work)
  revalidatePath('/home', 'layout')
  return outcome
}
