'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Admin, requireAdminAction } from '#app/_server/admin.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  beginMoveOf,
  cancelMoveOf,
  checkEverythingOf,
  keepOldCopiesOf,
  readPlace,
  removeOldCopiesOf,
  retryMoveOf,
  type ShownMove,
  type TriedPlace,
  tryPlaceOf,
  workOf,
} from '#app/_server/storage.ts'

const KeepDays = z.enum(['0', '7', '30', 'always']).transform((days) => (days === 'always' ? null : Number(days)))

/** @param form  the fields of a place */
export async function tryPlace(form: FormData): Promise<Outcome<TriedPlace>> {
  return outcomeOf(async () => tryPlaceOf(await requireAdminAction(), readPlace(form)))
}

/** @param form  the fields of a place, and `keep` */
export async function beginMove(form: FormData): Promise<Outcome<TriedPlace & { hasBegun: boolean }>> {
  const outcome = await outcomeOf(async () =>
    beginMoveOf(await requireAdminAction(), readPlace(form), readInput(KeepDays, form.get('keep'))),
  )
  revalidatePath('/admin', 'layout')
  return outcome
}

/** How far everything is just now, for the page that shows it. */
export async function lookAtWork(): Promise<Outcome<{ move: ShownMove | null; isChecking: boolean; now: number }>> {
  return outcomeOf(async () => workOf(await requireAdminAction()))
}

export async function cancelMove(): Promise<Outcome<void>> {
  return changed(cancelMoveOf)
}

export async function removeOldCopies(): Promise<Outcome<void>> {
  return changed(removeOldCopiesOf)
}

export async function keepOldCopies(): Promise<Outcome<void>> {
  return changed(keepOldCopiesOf)
}

export async function retryMove(): Promise<Outcome<void>> {
  return changed(retryMoveOf)
}

export async function checkEverything(): Promise<Outcome<void>> {
  return changed(async (admin) => checkEverythingOf(admin))
}

async function changed(work: (admin: Admin) => Promise<void>): Promise<Outcome<void>> {
  const outcome = await outcomeOf(async () => work(await requireAdminAction()))
  revalidatePath('/admin', 'layout')
  return outcome
}
