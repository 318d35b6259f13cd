'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireAdminAction } from '#app/_server/admin.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  chooseTargetOf,
  confirmKitOf,
  type Kit,
  makeKitOf,
  snapshotWorkOf,
  type TriedTarget,
  takeSnapshotOf,
  tryTargetOf,
  type WorkState,
} from '#app/_server/snapshots.ts'
import { readPlace } from '#app/_server/storage.ts'

/** @param form  the fields of a place */
export async function tryTarget(form: FormData): Promise<Outcome<TriedTarget>> {
  return outcomeOf(async () => tryTargetOf(await requireAdminAction(), readPlace(form)))
}

/** @param form  the fields of a place */
export async function chooseTarget(form: FormData): Promise<Outcome<TriedTarget & { isChosen: boolean }>> {
  return changed(outcomeOf(async () => chooseTargetOf(await requireAdminAction(), readPlace(form))))
}

export async function stopSnapshots(): Promise<Outcome<unknown>> {
  return changed(outcomeOf(async () => chooseTargetOf(await requireAdminAction(), null)))
}

export async function makeKit(): Promise<Outcome<Kit>> {
  return outcomeOf(async () => makeKitOf(await requireAdminAction()))
}

/** @param form  `typed`, how the key ends */
export async function confirmKit(form: FormData): Promise<Outcome<void>> {
  const typed = z.string().max(100)
  return changed(outcomeOf(async () => confirmKitOf(await requireAdminAction(), readInput(typed, form.get('typed')))))
}

export async function takeSnapshot(adopt: boolean): Promise<Outcome<void>> {
  return changed(outcomeOf(async () => takeSnapshotOf(await requireAdminAction(), readInput(z.boolean(), adopt))))
}

/** How far the snapshot is just now, for the page that shows it. */
export async function lookAtSnapshot(): Promise<Outcome<WorkState | null>> {
  return outcomeOf(async () => snapshotWorkOf(await requireAdminAction()))
}

async function changed<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  const outcome = await work
  revalidatePath('/admin', 'layout')
  return outcome
}
