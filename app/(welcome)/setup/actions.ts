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

const S3 = z.object({
  endpoint: z.url().optional(),
  region: text(100),
  bucket: z.string().min(3).max(255),
  accessKeyId: text(300),
  secretAccessKey: text(300),
  prefix: z.string().max(500),
  forcePathStyle: z.boolean(),
})

const From = z.object({
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('folder'), folder: text(4096) }),
    z.object({ kind: z.literal('s3'), s3: S3 }),
  ]),
  key: z.string().min(1).max(10_000),
})
const Restore = From.extend({ snapshot: text(100), acceptLosses: z.boolean() })

export type S3Given = z.infer<typeof S3>
export type RestoreFromGiven = z.infer<typeof From>

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

/** @param given  null = on this machine's disk. @returns what the place can do; it is in use when all of it works */
export async function keepStorage(given: S3Given | null): Promise<Outcome<ChosenStorage>> {
  return outcomeOf(() => {
    const s3 = readInput(S3.nullable(), given)
    return chooseStoragePlace(s3 && { ...s3, endpoint: s3.endpoint })
  })
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

export async function findSnapshots(given: RestoreFromGiven): Promise<Outcome<Restorable[]>> {
  return outcomeOf(() => lookForSnapshots(readRestoreFrom(given)))
}

export async function restore(given: z.infer<typeof Restore>): Promise<Outcome<void>> {
  return outcomeOf(() => {
    const { snapshot, acceptLosses } = readInput(Restore, given)
    return beginRestore({ ...readRestoreFrom(given), snapshot, acceptLosses })
  })
}

export async function progressOfRestore(): Promise<Outcome<RestoreProgress>> {
  return outcomeOf(restoreProgress)
}

function readRestoreFrom(given: unknown) {
  const { source, key } = readInput(From, given)
  if (source.kind === 'folder') return { source, key }
  return { source: { kind: source.kind, s3: { ...source.s3, endpoint: source.s3.endpoint } }, key }
}
