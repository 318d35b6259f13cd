'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { linkBackupOf, renameBackupOf, unlinkBackupOf } from '#app/_server/backups.ts'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import { readBackupName } from './backup-name.ts'

const BackupId = z.string().max(100)

/** Put a backup on the list. @param proof  of this browser's key: `{authorization, challengeToken}` */
export async function linkBackup(name: string, proof: unknown): Promise<Outcome<void>> {
  return changed((member) => linkBackupOf(member, readBackupName(name), proof))
}

export async function renameBackup(backupId: string, name: string): Promise<Outcome<void>> {
  return changed((member) => renameBackupOf(member, readInput(BackupId, backupId), readBackupName(name)))
}

export async function unlinkBackup(backupId: string): Promise<Outcome<void>> {
  return changed((member) => unlinkBackupOf(member, readInput(BackupId, backupId)))
}

async function changed(work: (member: Member) => Promise<void>): Promise<Outcome<void>> {
  const outcome = await outcomeOf(async () => work(await requireMemberAction()))
  revalidatePath('/home', 'layout')
  return outcome
}
