// Types of google-migration.js, which pbf generates without them. Keep equal to ../google-migration.proto (see the command there).
import type { PbfReader, PbfWriter } from 'pbf'

export type OtpParametersMessage = {
  secret?: Uint8Array
  name: string
  issuer: string
  algorithm: number
  digits: number
  type: number
  counter: number
}

export type MigrationPayloadMessage = {
  otp_parameters: OtpParametersMessage[]
  version: number
  batch_size: number
  batch_index: number
  batch_id: number
}

export function readMigrationPayload(pbf: PbfReader, end?: number): MigrationPayloadMessage
export function writeMigrationPayload(message: MigrationPayloadMessage, pbf: PbfWriter): void
