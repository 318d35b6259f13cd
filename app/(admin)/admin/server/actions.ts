'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Admin, requireAdminAction } from '#app/_server/admin.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  makeMetricsTokenFor,
  renewCertificateFor,
  replaceAuthorityFor,
  type TestMail,
  testMailFor,
} from '#app/_server/server-facts.ts'
import { changeSettingsFor, type RefusedSetting } from '#app/_server/server-settings.ts'

/** Name of the variable → text, null for the usual. */
const Changes = z.record(z.string().max(100), z.string().max(8_192).nullable())
const Recipient = z.email().max(254)

/** @returns the settings that cannot be taken; then nothing was changed */
export async function saveSettings(changes: z.infer<typeof Changes>): Promise<Outcome<RefusedSetting[]>> {
  return changed((admin) => changeSettingsFor(admin, readInput(Changes, changes)))
}

export async function renewCertificate(): Promise<Outcome<void>> {
  return changed(renewCertificateFor)
}

export async function replaceAuthority(): Promise<Outcome<void>> {
  return changed(replaceAuthorityFor)
}

export async function sendTestMail(recipient: string): Promise<Outcome<TestMail>> {
  return outcomeOf(async () => testMailFor(await requireAdminAction(), readInput(Recipient, recipient)))
}

/** @returns the token, which is not shown again */
export async function makeMetricsToken(): Promise<Outcome<string>> {
  return changed(makeMetricsTokenFor)
}

async function changed<T>(work: (admin: Admin) => Promise<T>): Promise<Outcome<T>> {
  const outcome = await outcomeOf(async () => work(await requireAdminAction()))
  if (outcome.ok) revalidatePath('/admin/server', 'layout')
  return outcome
}
