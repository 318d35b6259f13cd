import { Transport } from '#client/transport/transport.ts'
import { callGraphql, fieldsOf, type Operation, unexpected } from './call-graphql.ts'
import { isNotSignedIn, NotSignedIn, Refused } from './errors.ts'
import type { StoredOtp } from './stored-otp.ts'

export type OtpClientOptions = {
  /** A server address, a path in it allowed, or a transport of one's own. */
  server: string | Transport
  /** Kept from an earlier sign-in. Keep it as carefully as a password. */
  token?: string
}

export type Label = { id: number; account: string }
export type Device = { id: number; name: string }
/** With the labels of what it keeps; secrets need its PIN. */
export type DeviceWithLabels = Device & { otps: Label[] }
export type FetchedOtp = StoredOtp & { id: number }
/** Everything on a device; `damaged` are those whose secrets the server cannot open any more. */
export type Contents = { otps: FetchedOtp[]; damaged: Label[] }

type Variables = Record<string, unknown>

/**
 * The OTP backup API (contracts/otp.md), one function an operation. A device here is a set of OTPs under one PIN. The
 * PIN goes to the server, which opens the secrets with it and keeps it nowhere.
 *
 * All calls throw ServerError and NetworkError; all but `register` and `signIn` NotSignedIn; those with a PIN WrongPin
 * and PinLocked; those with a device DeviceUnknown. Others are named.
 */
export class OtpClient {
  readonly transport: Transport
  #token: string | null

  constructor({ server, token }: OtpClientOptions) {
    this.transport = typeof server === 'string' ? new Transport({ baseUrl: server }) : server
    this.#token = token ?? null
  }

  /** null while nobody is signed in. */
  get token(): string | null {
    return this.#token
  }

  /** Create an account; signs nobody in. @throws Refused: account-exists, registration-closed, invalid-parameters */
  async register(email: string, password: string): Promise<void> {
    const query = `mutation ($email: String, $password: String) {
      registerUser(email: $email, password: $password) { email }
    }`
    const { registerUser } = await this.#send({ query, variables: { email, password }, idempotent: false })
    if (registerUser === null) throw invalid('The server did not take e-mail address or password')
  }

  /** @throws NotSignedIn */
  async signIn(email: string, password: string): Promise<void> {
    const query = `mutation ($email: String, $password: String) {
      signInUser(email: $email, password: $password) { token }
    }`
    const { signInUser } = await this.#send({ query, variables: { email, password }, idempotent: true })
    if (signInUser === null) throw new NotSignedIn()
    this.#token = textOf(fieldsOf(signInUser).token)
  }

  /** Forget the token here and, if it can be reached, on the server. */
  async signOut(): Promise<void> {
    const token = this.#token
    this.#token = null
    if (token === null) return
    await this.#send({ query: 'mutation { signOut }', token, idempotent: true }).catch(() => {})
  }

  /** The account's own devices, oldest first, with labels. Needs no PIN. */
  async devices(): Promise<DeviceWithLabels[]> {
    const query = '{ devices { id name otps { id account } } }'
    const { devices } = await this.#sendSigned({ query, idempotent: true })
    return listOf(devices).map((device) => ({ ...readDevice(device), otps: listOf(device.otps).map(readLabel) }))
  }

  /** Make a device. Names need not be unique. @throws Refused: invalid-parameters, too-many */
  async addDevice(name: string, pin: string): Promise<Device> {
    const query = `mutation ($name: String, $password: String) {
      addDevice(name: $name, password: $password) { id name }
    }`
    const { addDevice } = await this.#sendSigned({ query, variables: { name, password: pin }, idempotent: false })
    if (addDevice === null) throw invalid('The server did not take name or PIN of the device')
    return readDevice(fieldsOf(addDevice))
  }

  /** @throws Refused: invalid-parameters */
  async renameDevice(deviceId: number, name: string): Promise<Device> {
    const query =
      'mutation ($device_id: Int!, $name: String!) { renameDevice(device_id: $device_id, name: $name) { id name } }'
    const { renameDevice } = await this.#sendSigned({
      query,
      variables: { device_id: deviceId, name },
      idempotent: true,
    })
    return readDevice(fieldsOf(renameDevice))
  }

  /** The secrets stay as they are. @throws Refused: invalid-parameters */
  async changePin(deviceId: number, pin: string, newPin: string): Promise<void> {
    const query = `mutation ($device_id: Int!, $password: String!, $new_password: String!) {
      changeDevicePassword(device_id: $device_id, password: $password, new_password: $new_password) { id }
    }`
    const variables = { device_id: deviceId, password: pin, new_password: newPin }
    await this.#sendSigned({ query, variables, idempotent: false })
  }

  /** Delete a device with everything on it. */
  async deleteDevice(deviceId: number): Promise<void> {
    const query = 'mutation ($device_id: Int!) { deleteDevice(device_id: $device_id) { id } }'
    await this.#sendSigned({ query, variables: { device_id: deviceId }, idempotent: false })
  }

  /** Everything on a device with its secrets, oldest first. What a secret may be: `readStored`. */
  async otps(deviceId: number, pin: string): Promise<Contents> {
    const query = `query ($device_id: Int!, $password: String!) {
      otps(device_id: $device_id, password: $password) { id account secret }
    }`
    const variables = { device_id: deviceId, password: pin }
    const { otps } = await this.#sendSigned({ query, variables, idempotent: true })
    const contents: Contents = { otps: [], damaged: [] }
    for (const otp of listOf(otps)) {
      if (otp.secret === null) contents.damaged.push(readLabel(otp))
      else contents.otps.push({ ...readLabel(otp), secret: textOf(otp.secret) })
    }
    return contents
  }

  /**
   * Store one, beside those of the same label. Not repeated when the answer is lost; then it may be there.
   *
   * @throws Refused: invalid-parameters, too-many
   */
  async addOtp(deviceId: number, pin: string, { account, secret }: StoredOtp): Promise<Label> {
    const query = `mutation ($account: String, $secret: String, $device_id: Int, $password: String) {
      addOtp(account: $account, secret: $secret, device_id: $device_id, password: $password) { id account }
    }`
    const variables = { account, secret, device_id: deviceId, password: pin }
    const { addOtp } = await this.#sendSigned({ query, variables, idempotent: false })
    return readLabel(fieldsOf(addOtp))
  }

  /** Store many from otpauth URIs: all or none. @throws Refused: invalid-parameters, too-many */
  async importOtps(deviceId: number, pin: string, uris: string[]): Promise<Label[]> {
    const query = `mutation ($device_id: Int!, $password: String!, $uris: [String!]!) {
      importOtps(device_id: $device_id, password: $password, uris: $uris) { id account }
    }`
    const variables = { device_id: deviceId, password: pin, uris }
    const { importOtps } = await this.#sendSigned({ query, variables, idempotent: false })
    return listOf(importOtps).map(readLabel)
  }

  /** Give one another label. @throws Refused: unknown-otp, invalid-parameters */
  async renameOtp(otpId: number, account: string): Promise<Label> {
    const query =
      'mutation ($otp_id: Int!, $account: String!) { renameOtp(otp_id: $otp_id, account: $account) { id account } }'
    const { renameOtp } = await this.#sendSigned({ query, variables: { otp_id: otpId, account }, idempotent: true })
    return readLabel(fieldsOf(renameOtp))
  }

  /** Needs no PIN. @throws Refused: unknown-otp */
  async deleteOtp(otpId: number): Promise<void> {
    const query = 'mutation ($otp_id: Int!) { deleteOtp(otp_id: $otp_id) { id } }'
    await this.#sendSigned({ query, variables: { otp_id: otpId }, idempotent: false })
  }

  #sendSigned(operation: Omit<Operation, 'token'>): Promise<Variables> {
    if (this.#token === null) throw new NotSignedIn('Sign in first')
    const token = this.#token
    return this.#send({ ...operation, token }).catch((error) => {
      if (isNotSignedIn(error)) throw new NotSignedIn('The sign-in has ended; sign in again')
      throw error
    })
  }

  #send(operation: Operation): Promise<Variables> {
    return callGraphql(this.transport, operation)
  }
}

function readDevice({ id, name }: Variables): Device {
  return { id: idOf(id), name: textOf(name) }
}

function readLabel({ id, account }: Variables): Label {
  return { id: idOf(id), account: textOf(account) }
}

function listOf(value: unknown): Variables[] {
  if (!Array.isArray(value)) throw unexpected()
  return value.map(fieldsOf)
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw unexpected()
  return value
}

/** Ids are whole numbers that travel as text (otp §2). */
function idOf(value: unknown): number {
  const id = Number(value)
  if (!Number.isSafeInteger(id) || id < 1) throw unexpected()
  return id
}

function invalid(message: string): Refused {
  return new Refused('invalid-parameters', message)
}
