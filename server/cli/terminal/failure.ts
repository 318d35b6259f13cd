import { isClientError } from '#client/errors/client-error.ts'
import { isPairingError, type PairingReason } from '#client/node/pairing/errors.ts'
import { isVersionConflict } from '#client/surfaces/cloud-backup/errors.ts'
import { type FactorReason, isFactorError } from '#client/surfaces/factors/errors.ts'
import { isNetworkError, isServerError } from '#client/transport/errors.ts'
import { Interrupted } from './ask-hidden.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { FileExists } from './write-new-file.ts'

/** A failure whose exit code the command knows itself. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode
  readonly kind: string

  constructor(exitCode: ExitCode, kind: string, message: string) {
    super(message)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
    this.kind = kind
  }
}

/** The sign-in was refused, with what can be done about it. */
export function signInRefused(message: string): CommandFailure {
  return new CommandFailure(exitCodes.signInRefused, 'sign-in-refused', message)
}

export function usageFailure(message: string): CommandFailure {
  return new CommandFailure(exitCodes.usage, 'usage', message)
}

export type Failure = { exitCode: ExitCode; kind: string; message: string; version?: number }

const codeByKind: { [kind: string]: ExitCode } = {
  'not-signed-in': exitCodes.signInRefused,
  network: exitCodes.unreachable,
  protocol: exitCodes.unreachable,
  'weak-password': exitCodes.usage,
  'wrong-password-or-damaged': exitCodes.notOpened,
  'malformed-sealed-backup': exitCodes.notOpened,
  'malformed-backup': exitCodes.notOpened,
  'wrong-pin': exitCodes.notOpened,
  'pin-locked': exitCodes.notOpened,
  'version-conflict': exitCodes.conflict,
  'upload-in-progress': exitCodes.conflict,
  'identity-mismatch': exitCodes.conflict,
  'malformed-key': exitCodes.notOpened,
  'damaged-state': exitCodes.notOpened,
  'operation-too-large': exitCodes.usage,
}

const codeByReason: { [reason in FactorReason]?: ExitCode } = {
  'account-refused': exitCodes.signInRefused,
  'another-backup': exitCodes.usage,
  'attestation-refused': exitCodes.signInRefused,
  'backup-exists': exitCodes.conflict,
  'bad-name': exitCodes.usage,
  busy: exitCodes.unreachable,
  damaged: exitCodes.notOpened,
  'factor-taken': exitCodes.conflict,
  'factor-unknown': exitCodes.signInRefused,
  'malformed-recovery-key': exitCodes.usage,
  'moved-on': exitCodes.conflict,
  'not-decryptable': exitCodes.notOpened,
  'nothing-stored': exitCodes.nothingStored,
  'proof-refused': exitCodes.signInRefused,
  'registration-closed': exitCodes.signInRefused,
  'rolled-back': exitCodes.notOpened,
  'source-changed': exitCodes.usage,
  'too-large': exitCodes.usage,
  'wrong-key': exitCodes.notOpened,
}

const codeByPairingReason: { [reason in PairingReason]: ExitCode } = {
  'not-a-code': exitCodes.usage,
  'not-vouched': exitCodes.signInRefused,
  unreachable: exitCodes.unreachable,
}

/** Codes with which Node refuses a certificate that no authority it knows has signed. */
const untrusted = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF|UNABLE_TO_(VERIFY|GET_ISSUER))/

/**
 * What to print and to end with. Unknown errors keep their message: they come from this machine, not from the network.
 */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandFailure) return { exitCode: error.exitCode, kind: error.kind, message: error.message }
  if (error instanceof FileExists) {
    return { exitCode: exitCodes.usage, kind: 'file-exists', message: `${error.message}; --force replaces it` }
  }
  if (error instanceof Interrupted) {
    return { exitCode: exitCodes.interrupted, kind: 'interrupted', message: error.message }
  }
  if (isServerError(error)) {
    const exitCode = codeByStatus(error.status)
    return { exitCode, kind: 'server', message: `The server answered ${error.status}: ${error.message}` }
  }
  if (isNetworkError(error)) {
    return { exitCode: exitCodes.unreachable, kind: 'network', message: error.message + certificateHint(error.code) }
  }
  if (isFactorError(error)) {
    const exitCode = codeByReason[error.reason] ?? exitCodes.unexpected
    return { exitCode, kind: error.reason, message: `${error.message}. ${error.next}` }
  }
  if (isPairingError(error))
    return { exitCode: codeByPairingReason[error.reason], kind: error.reason, message: error.message }
  const version = isVersionConflict(error) ? (error.current ?? undefined) : undefined
  if (isClientError(error)) {
    const exitCode = codeByKind[error.kind] ?? exitCodes.unexpected
    return { exitCode, kind: error.kind, message: error.message + hintFor(error.kind), version }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { exitCode: exitCodes.unexpected, kind: 'unexpected', message }
}

function codeByStatus(status: number): ExitCode {
  if (status === 401) return exitCodes.signInRefused
  return [429, 502, 503, 504].includes(status) ? exitCodes.unreachable : exitCodes.unexpected
}

function certificateHint(code: string | null): string {
  if (code === null || !untrusted.test(code)) return ''
  return (
    '. Its certificate is signed by an authority that this device does not know: ' +
    'pair with the server (hearthkeep pair --with <code>, which its /connect page and `hearthkeep pair` give out)'
  )
}

function hintFor(kind: string): string {
  if (kind === 'identity-mismatch') return '. --replace stores this one in its place'
  return kind === 'version-conflict' ? '; nothing was changed' : ''
}
