'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import {
  addOtpPlaceOf,
  addOtpsOf,
  advanceOtpOf,
  type OpenedOtp,
  openOtpsOf,
  removeOtpOf,
  removeOtpPlaceOf,
} from '#app/_server/otp.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'

/** PINs travel in bodies only, and nothing here is logged. */

const Id = z.number().int().min(1)
const Place = z.object({ deviceId: Id, password: z.string().min(1).max(1024) })
const Otp = z.object({ account: z.string().max(1024), secret: z.string().min(1).max(8192) })
const NewPlace = z.object({ name: z.string().trim().max(200), password: z.string().min(6).max(1024) })

type Place = z.infer<typeof Place>
type Otp = z.infer<typeof Otp>

export async function openPlace(place: Place): Promise<Outcome<OpenedOtp[]>> {
  return asMember((member) => openOtpsOf(member, readInput(Place, place)))
}

/** @returns everything that is there now */
export async function addCodes(place: Place, codes: Otp[]): Promise<Outcome<OpenedOtp[]>> {
  return changed(async (member) => {
    const opened = readInput(Place, place)
    await addOtpsOf(member, opened, readInput(z.array(Otp).min(1).max(500), codes))
    return openOtpsOf(member, opened)
  })
}

/** @returns everything that is there now, with the next counter stored */
export async function useCounter(place: Place, id: number, next: Otp): Promise<Outcome<OpenedOtp[]>> {
  return changed(async (member) => {
    const opened = readInput(Place, place)
    await advanceOtpOf(member, opened, readInput(Id, id), readInput(Otp, next))
    return openOtpsOf(member, opened)
  })
}

export async function removeCode(id: number): Promise<Outcome<void>> {
  return changed((member) => removeOtpOf(member, readInput(Id, id)))
}

export async function addPlace(place: z.infer<typeof NewPlace>): Promise<Outcome<void>> {
  return changed((member) => addOtpPlaceOf(member, readInput(NewPlace, place)))
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
