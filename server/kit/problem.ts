import { factorProblems, webauthnProblems } from './factor-problems.ts'

/**
 * The one error that use cases throw, with a code from one catalogue. Each surface spells the codes in its own
 * envelope (`errors.ts` beside its routes); anything that is not a Problem is a 500 with the request id and nothing else.
 */

/** Every code, with the HTTP status and the words it has where a surface does not spell it differently. */
export const catalogue = {
  'account.exists': [409, 'That name is taken'],
  'account.last_admin': [409, 'The only admin cannot leave'],
  'account.nudged_today': [429, 'They were reminded within the last day'],
  'account.not_leaving': [409, 'This account is not about to be deleted'],
  'auth.failed': [401, 'Unauthorized'],
  'auth.foreign_origin': [403, 'Requests from other sites are refused'],
  'auth.proof_needed': [403, 'Prove once more who you are'],
  'auth.signed_out': [401, 'Nobody is signed in any more'],
  'auth.device_required': [403, 'Device-scoped token required'],
  'auth.registration_closed': [403, 'Registration is closed on this server'],
  'body.length_required': [411, 'Length required'],
  'body.too_small': [400, 'Body too small'],
  'body.too_large': [413, 'Payload too large'],
  'body.incomplete': [400, 'The body ended before its announced length'],
  'body.timeout': [408, 'The body did not arrive in time'],
  'body.encoding': [415, 'Unsupported content encoding'],
  'body.malformed': [400, 'The body could not be read'],
  'body.media_type': [415, 'Unsupported media type'],
  'input.invalid': [400, 'Invalid request'],
  'invitation.refused': [410, 'This invitation is not good (any more)'],
  'invitation.unknown': [404, 'No such invitation'],
  'input.shape': [422, 'The request does not have the expected shape'],
  not_found: [404, 'Not found'],
  'method.not_allowed': [405, 'Method not allowed'],
  'config.pinned': [409, 'The environment of the server says so; it cannot be changed here'],
  'config.refused': [422, 'The configuration cannot be used'],
  'device.limit_reached': [403, 'Device limit reached'],
  'host.unknown': [421, 'Misdirected request'],
  'object.damaged': [500, 'The stored object is damaged; the keeper of this server has been told'],
  'object.missing': [404, 'Not found'],
  'otp.device_locked': [429, 'Too many wrong passwords.'],
  'otp.device_unknown': [404, 'Unknown device.'],
  'otp.limit_reached': [403, 'There is no room for more.'],
  'otp.pin_wrong': [403, 'Invalid password.'],
  'otp.secret_damaged': [500, 'The stored secret is damaged.'],
  'otp.unknown': [404, 'Unknown OTP.'],
  'passkey.address': [400, 'Passkeys do not work under this address'],
  'passkey.exists': [409, 'That passkey is already registered'],
  'passkey.last_way_in': [409, 'That is the last way into this account'],
  'passkey.limit_reached': [403, 'There is no room for more passkeys'],
  'passkey.unknown': [404, 'Unknown passkey'],
  'quota.exceeded': [507, 'Storage quota exceeded'],
  'log.user_invalid': [400, 'user must be a public key: a non-empty string of at most 8 KiB, or a JWK'],
  'log.client_id_invalid': [400, 'client_id must be a UUID'],
  'log.index_invalid': [400, 'operation_index must be an integer from 0 to 2^53-1'],
  'log.status_invalid': [400, 'sync_status must give a whole number for each UUID, at most 10000 of them'],
  'log.payload_invalid': [400, 'payload must be a string'],
  'log.digest_mismatch': [400, 'payload_md5 is not the MD5 of the payload'],
  'log.request_invalid': [400, 'The request cannot be understood'],
  'log.operation_conflict': [409, 'Another operation is stored under this index; go on under a new client_id'],
  'log.frozen': [403, 'The owner of this log has frozen it'],
  'log.code_refused': [410, 'This code is not good (any more)'],
  'log.key_taken': [409, 'This key is linked to another account'],
  'log.key_unprovable': [400, 'Only RSA keys of 2048 to 8192 bits can be proved'],
  'log.proof_required': [401, 'This log wants proof that you have its private key'],
  'log.proof_failed': [401, 'That does not prove that you have the private key'],
  'log.clients_exhausted': [507, 'This log has as many clients as it may have'],
  'log.streams_exhausted': [429, 'Too many answers of this log are under way'],
  'pairing.off': [409, 'There is no encrypted way to this server yet'],
  'pairing.refused': [410, 'This code is not good (any more)'],
  'persona.not_found': [410, 'Persona not found'],
  'precondition.failed': [412, 'Precondition failed'],
  'range.unsatisfiable': [416, 'Range not satisfiable'],
  'rate.limited': [429, 'Too many requests'],
  'reset.refused': [410, 'Invalid reset code, please request another'],
  'reset.mismatch': [409, 'Invalid reset code, please request another'],
  'server.busy': [503, 'The server is busy'],
  'server.stopping': [503, 'The server is shutting down'],
  'server.failed': [500, 'Internal server error'],
  'certificate.unusable': [422, 'These files are not a certificate and its key'],
  'restore.damaged': [422, 'This snapshot is damaged'],
  'restore.key_wrong': [422, 'This is not a recovery key'],
  'restore.no_snapshots': [404, 'This recovery key opens no snapshot there'],
  'restore.not_empty': [409, 'Something is kept on this server already'],
  'restore.source_away': [404, 'The snapshots cannot be reached'],
  'restore.two_disks': [409, 'The objects lie on another disk than the data folder'],
  'setup.closed': [404, 'This server is set up'],
  'setup.code_refused': [403, 'This is not the set-up code'],
  'setup.keeper_exists': [409, 'This server has a keeper already'],
  'setup.not_claimed': [403, 'Another browser sets this server up'],
  'setup.restoring': [409, 'A server is being brought back just now'],
  'setup.unfinished': [409, 'Something is still missing'],
  'slot.version_conflict': [409, 'The backup was changed by another device'],
  'slot.precondition_failed': [412, 'Precondition failed'],
  'slot.upload_in_progress': [409, 'Upload already in progress'],
  'storage.moving': [409, 'Objects are being moved already'],
  'store.full': [507, 'No space is left in the store'],
  'store.unavailable': [500, 'The store cannot be reached'],
  ...webauthnProblems,
  ...factorProblems,
} as const satisfies Record<string, readonly [status: number, words: string]>

export type ProblemCode = keyof typeof catalogue

const brand = Symbol.for('hearthkeep.problem')

export type ProblemDetails = {
  /** Replaces the catalogue's words; may reach the client, so never a secret, path or stack. */
  message?: string
  /** Extra response headers, e.g. `ETag`, `Retry-After` (seconds). */
  headers?: Record<string, string>
  /** Further members of the answer, where the surface's envelope has room for them. */
  facts?: Record<string, string | number>
  /** What went wrong underneath, for the log only. */
  cause?: unknown
}

export class Problem extends Error {
  readonly [brand] = true
  readonly code: ProblemCode
  readonly status: number
  readonly headers: Record<string, string>
  readonly facts: Record<string, string | number>
  /** Whether the words are the thrower's own rather than the catalogue's. */
  readonly worded: boolean

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.message ?? catalogue[code][1], { cause: details.cause })
    this.name = 'Problem'
    this.code = code
    this.status = catalogue[code][0]
    this.headers = details.headers ?? {}
    this.facts = details.facts ?? {}
    this.worded = details.message !== undefined
  }
}

/** By brand, not `instanceof`: Next bundles its own copy of this module (design §2). */
export function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[brand] === true
}
