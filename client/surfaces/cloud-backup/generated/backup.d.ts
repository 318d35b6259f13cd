// Types of backup.js, which pbf generates without them. Keep equal to ../backup.proto (see the command there).
import type { PbfReader, PbfWriter } from 'pbf'

export type IdentityKeyPairMessage = { public_key?: Uint8Array; private_key?: Uint8Array }

export type ContactMessage = { user_id: string; username: string; display_name: string; updated_at: number }

export type ProfileReferenceMessage = { attachment_id: string; decryption_key?: Uint8Array; updated_at: number }

export type IdentityBackupMessage = {
  format_version: number
  created_at: number
  device_name: string
  identity?: IdentityKeyPairMessage
  contacts: ContactMessage[]
  profile?: ProfileReferenceMessage
}

export function readIdentityBackup(pbf: PbfReader, end?: number): IdentityBackupMessage
export function writeIdentityBackup(message: IdentityBackupMessage, pbf: PbfWriter): void
