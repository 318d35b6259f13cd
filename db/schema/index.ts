export { accounts, invitations, passkeys, recoveryCodes, resetCodes, sessions, spentTokens } from './accounts.ts'
export { blobs } from './blobs.ts'
export { cloudSlots, devicePreKeys, devices } from './cloud.ts'
export {
  encryptionKeys,
  factorBackupLinks,
  factorBackups,
  factorBackupVersions,
  factors,
  syncFactorTokens,
  usedTokens,
} from './factors.ts'
export { guesses, knownPlaces } from './guard.ts'
export { pairings } from './lan.ts'
export { operations, oplogClients, oplogLinkCodes, oplogUsers } from './oplog.ts'
export { otpDevices, otpImports, otps, otpUsers } from './otp.ts'
export { personas, personaTombstones } from './personas.ts'
export { auditEvents, jobs, notices, outbox, settings } from './server.ts'
export { movedObjects, storageSamples } from './storage.ts'
