'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Admin, requireAdminAction } from '#app/_server/admin.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import { liftLockoutFor, requireExportFor } from '#app/_server/watch.ts'

const Key = z.string().min(1).max(100)

export async function liftLock(key: string): Promise<Outcome<void>> {
  const outcome = await asAdmin((admin) => liftLockoutFor(admin, readInput(Key, key)))
  revalidatePath('/admin/security')
  return outcome
}

/** Whether `/admin/security/export` will answer, or a proof is needed first. */
export async function askForExport(): Promise<Outcome<void>> {
  return asAdmin(requireExportFor)
}

function asAdmin<T>(work: (admin: Admin) => T | Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(async () => work(await requireAdminAction()))
}
