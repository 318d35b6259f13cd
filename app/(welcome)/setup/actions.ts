'use server'

import { z } from 'zod'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  appointKeeper,
  beginRestore,
  type ChosenStorage,
  chooseMailServer,
  chooseStoragePlace,
  claimServer,
  finishThisSetup,
  lookForSnapshots,
  nameThisServer,
  type Restorable,
  type RestoreProgress,
  restoreProgress,
  type TestMail,
  tryMailServer,
} from '#app/_server/setup.ts'
import { type GivenPlace, readPlace } from '#app/_server/storage.ts'

const text = (most: number) => z.string().trim().min(1).max(most)

const Keeper = z.object({
  name: z.string().min(1).max(320),
  password: z
    .string()
    .max(1024)
    .refine((password) => password.isWellFormed()),
  isNew: z.boolean(),
})

const Name = z.intersection(
  z.object({ hostname: text(253) }),
  z.discriminatedUnion('tls', [
    z.object({ tls: z.literal('local-ca') }),
    z.object({ tls: z.literal('files'), certificate: text(4096), key: text(4096) }),
    z.object({ tls: z.literal('proxy'), publicUrl: text(500), proxies: text(1000) }),
  ]),
)

const Mail = z.object({
  host: text(253),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().max(320),
  password: z.string().max(1024),
  from: text(320),
})

const Key = z.string().min(1).max(10_000)

/** Claim this server for this browser. */
export async function claim(code: string): Promise<Outcome<void>> {
  return outcomeOf(() => claimServer(readInput(z.string().min(1).max(100), code)))
}

/** Make the first admin, or appoint somebody who has an account. */
export async function appoint(given: z.infer<typeof Keeper>): Promise<Outcome<void>> {
  return outcomeOf(() => appointKeeper(readInput(Keeper, given)))
}

export async function name(given: z.infer<typeof Name>): Promise<Outcome<void>> {
  return outcomeOf(() => nameThisServer(readInput(Name, given)))
}

/**
 * @param form  the fields of a place; null = in the data folder
 * @returns what the place can do; it is in use when all of it works
 */
export async function keepStorage(form: FormData | null): Promise<Outcome<ChosenStorage>> {
  return outcomeOf(async () => chooseStoragePlace(form && readPlace(form)))
}

/** @param given  null = without mail */
export async function keepMail(given: z.infer<typeof Mail> | null): Promise<Outcome<void>> {
  return outcomeOf(() => chooseMailServer(readInput(Mail.nullable(), given)))
}

/** Send a mail by settings that are not kept yet. */
export async function sendTestMail(given: z.infer<typeof Mail>, recipient: string): Promise<Outcome<TestMail>> {
  return outcomeOf(() => tryMailServer(readInput(Mail, given), readInput(z.email().max(320), recipient)))
}

/** The last answer; set-up is closed with it. */
export async function finish(registration: string): Promise<Outcome<void>> {
  return outcomeOf(() => finishThisSetup(readInput(z.enum(['open', 'invite', 'closed']), registration)))
}

/** @param form  the fields of a place, and the recovery key */
export async function findSnapshots(form: FormData): Promise<Outcome<Restorable[]>> {
  return outcomeOf(async () => lookForSnapshots(readFrom(form)))
}

export async function restore(form: FormData, snapshot: string, acceptLosses: boolean): Promise<Outcome<void>> {
  return outcomeOf(async () => {
    const choice = { snapshot: readInput(text(100), snapshot), acceptLosses: readInput(z.boolean(), acceptLosses) }
    return beginRestore({ ...readFrom(form), ...choice })
  })
}

export async function progressOfRestore(): Promise<Outcome<RestoreProgress>> {
  return outcomeOf(restoreProgress)
}

function readFrom(form: FormData): { source: GivenPlace; key: string } {
  return { source: readPlace(form), key: readInput(Key, form.get('key')) }
}
