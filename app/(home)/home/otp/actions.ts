'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import {
  addOtpPlaceOf,
  addOtpsOf,
  advanceOtpOf,
  changeOtpPinOf,
  type OpenedOtp,
  openOtpsOf,
  removeOtpOf,
  removeOtpPlaceOf,
  renameOtpOf,
  renameOtpPlaceOf,
} from '#app/_server/otp.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'

/** PINs travel in bodies only, and nothing here is logged. */

const Id = z.number().int().min(1)
const Label = z.string().max(1024)
const PlaceName = z.string().trim().max(200)
const NewPin = z.string().min(6).max(1024)
const Place = z.object({ deviceId: Id, password: z.string().min(1).max(1024) })
const Otp = z.object({ account: Label, secret: z.string().min(1).max(8192) })
const NewPlace = z.object({ name: PlaceName, password: NewPin })
const Rename = z.object({ otpId: Id, account: Label.trim().min(1) })
const RenamePlace = z.object({ deviceId: Id, name: PlaceName })
const ChangePin = Place.extend({ newPassword: NewPin })

type Place = z.infer<typeof Place>
type Otp = z.infer<typeof Otp>

/** A wrong PIN changes the page too: it says how many tries are left, and for how long it is locked. */
export async function openPlace(place: Place): Promise<Outcome<OpenedOtp[]>> {
  const outcome = await asMember((member) => openOtpsOf(member, readInput(Place, place)))
  if (!outcome.ok) revalidatePath('/home/otp')
  return outcome
}

/** @returns everything that is there now */
export async function addCodes(place: Place, codes: Otp[]): Promise<Outcome<OpenedOtp[]>> {
  return changed(async (member) => {
    const opened = readInput(Place, place)
    await addOtpsOf(member, opened, readInput(z.array(Otp).min(1).max(500), codes))
    return openOtpsOf(member, opened)
  })
}

/** @returns everything that is there now, with the next counter stored under the number `id` */
export async function advanceCode(
  place: Place,
  id: number,
  next: Otp,
): Promise<Outcome<{ id: number; codes: OpenedOtp[] }>> {
  return changed(async (member) => {
    const opened = readInput(Place, place)
    const added = await advanceOtpOf(member, opened, readInput(Id, id), readInput(Otp, next))
    return { id: added, codes: await openOtpsOf(member, opened) }
  })
}

export async function renameCode(given: z.infer<typeof Rename>): Promise<Outcome<void>> {
  return changed((member) => renameOtpOf(member, readInput(Rename, given)))
}

export async function removeCode(id: number): Promise<Outcome<void>> {
  return changed((member) => removeOtpOf(member, readInput(Id, id)))
}

export async function addPlace(place: z.infer<typeof NewPlace>): Promise<Outcome<void>> {
  return changed((member) => addOtpPlaceOf(member, readInput(NewPlace, place)))
}

export async function renamePlace(given: z.infer<typeof RenamePlace>): Promise<Outcome<void>> {
  return changed((member) => renameOtpPlaceOf(member, readInput(RenamePlace, given)))
}

export async function changePin(given: z.infer<typeof ChangePin>): Promise<Outcome<void>> {
  return changed((member) => changeOtpPinOf(member, readInput(ChangePin, given)))
}

export async function removePlace(id: number): Promise<Outcome<void>> {
  return changed((member) => removeOtpPlaceOf(member, readInput(Id, id)))
}

function asMember<T>(work: (member: Member) => Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(async () => work(await requireMemberAction()))
}

async function changed<T>(work: (member: Member) => Promise<T>): Promise<Outcome<T>> {
  const outcome = await asMember(work)
  revalidatePath('/home', 'layout')
  return outcome
}
