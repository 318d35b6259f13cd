'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { endOtherSessionsOf, endSessionOf, signOutDeviceOf } from '#app/_server/devices.ts'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'

const Id = z.uuid()

export async function endSession(sessionId: string): Promise<Outcome<void>> {
  return changed((member) => endSessionOf(member, readInput(Id, sessionId)))
}

export async function endOtherSessions(): Promise<Outcome<number>> {
  return changed(endOtherSessionsOf)
}

export async function signOutDevice(deviceId: string): Promise<Outcome<void>> {
  return changed((member) => signOutDeviceOf(member, readInput(Id, deviceId)))
}

async function changed<T>(work: (member: Member) => Promise<T>): Promise<Outcome<T>> {
  const outcome = await outcomeOf(async () => work(await requireMemberAction()))
  revalidatePath('/home', 'layout')
  return outcome
}
