import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json as readJson } from 'node:stream/consumers'
import { URI } from 'otpauth'
import { parseOtpauthUri } from './otpauth-uri.ts'
import { toStored } from './stored-otp.ts'

/**
 * A server for unit tests that answers the client's operations as contracts/otp.md and design §6 say, from memory. It
 * knows an operation by its first field and looks at variables alone. The proof against the real server is in e2e/.
 */
export type OtpStub = {
  /** With a path prefix, as behind a reverse proxy. */
  url: string
  requests: { field: string; query: string; variables: Variables; authorization: string | undefined }[]
  devices: StubDevice[]
  /** Tokens that are good. */
  tokens: Set<string>
  /** The next request is refused unseen, or carried out with its answer lost. */
  failNext(fault: Fault): void
  registrationClosed: boolean
  [Symbol.asyncDispose](): Promise<void>
}

export type StubDevice = { id: number; email: string; name: string; pin: string; otps: StubOtp[]; wrong: number }
export type StubOtp = { id: number; account: string; secret: string }
export type Fault = 'lose-answer' | { status: number; headers?: Record<string, string>; body?: string }

type Variables = Record<string, unknown>

const prefix = '/family/otps'

class Said extends Error {}

export async function startOtpStub(): Promise<OtpStub> {
  const passwords = new Map<string, string>()
  const faults: Fault[] = []
  let lastId = 0
  const nextId = () => {
    lastId += 1
    return lastId
  }

  const opened = (email: string, { device_id, password }: Variables, unknown = 'Unknown device.'): StubDevice => {
    const device = stub.devices.find(({ id, email: owner }) => id === device_id && owner === email)
    if (!device) throw new Said(unknown)
    if (device.wrong >= 5) throw new Said('Too many wrong passwords. Try again in 15 minutes.')
    if (password === undefined || device.pin === password) return device
    device.wrong += 1
    throw new Said('Invalid password.')
  }
  const add = (device: StubDevice, account: unknown, secret: unknown) => {
    const otp = { id: nextId(), account: String(account), secret: String(secret) }
    device.otps.push(otp)
    return { id: String(otp.id), account: otp.account }
  }
  const find = (email: string, otpId: unknown) => {
    const own = stub.devices.filter((device) => device.email === email)
    const device = own.find(({ otps }) => otps.some(({ id }) => id === otpId))
    const otp = device?.otps.find(({ id }) => id === otpId)
    if (!device || !otp) throw new Said('Unknown OTP.')
    return { device, otp }
  }
  const asText = ({ id, ...rest }: { id: number }) => ({ ...rest, id: String(id) })

  const open: Record<string, (variables: Variables) => unknown> = {
    registerUser({ email, password }) {
      if (stub.registrationClosed) throw new Said('Registration is closed on this server.')
      if (!email || !password) throw new Said('Invalid parameters.')
      if (passwords.has(String(email))) throw new Said('User already exists.')
      passwords.set(String(email), String(password))
      return { email }
    },
    signInUser({ email, password }) {
      if (password === undefined || passwords.get(String(email)) !== password) return null
      const token = `${email}#${nextId()}`
      stub.tokens.add(token)
      return { token }
    },
  }
  const signed: Record<string, (email: string, variables: Variables, token: string) => unknown> = {
    devices: (email) =>
      stub.devices
        .filter((device) => device.email === email)
        .map(({ id, name, otps }) => ({ id: String(id), name, otps: otps.map(asText) })),
    otps: (email, variables) => opened(email, variables).otps.map(asText),
    addDevice(email, { name, password }) {
      if (!name || !password) return null
      const device = { id: nextId(), email, name: String(name), pin: String(password), otps: [], wrong: 0 }
      stub.devices.push(device)
      return { id: String(device.id), name }
    },
    addOtp: (email, variables) => add(opened(email, variables, 'Missing device.'), variables.account, variables.secret),
    importOtps(email, variables) {
      const device = opened(email, variables, 'Missing device.')
      return (variables.uris as string[]).map((uri) => {
        // The server parts labels as the otpauth package does, which is not quite as we do.
        const { issuer, label } = URI.parse(uri)
        const account = [issuer, label].filter((part) => part !== '').join(':')
        return add(device, account, toStored(parseOtpauthUri(uri)).secret)
      })
    },
    renameDevice(email, { device_id, name }) {
      const device = opened(email, { device_id })
      device.name = String(name)
      return { id: String(device.id), name }
    },
    changeDevicePassword(email, variables) {
      const device = opened(email, variables)
      device.pin = String(variables.new_password)
      return { id: String(device.id) }
    },
    deleteDevice(email, { device_id }) {
      const device = opened(email, { device_id })
      stub.devices = stub.devices.filter((other) => other !== device)
      return { id: String(device.id) }
    },
    renameOtp(email, { otp_id, account }) {
      const { otp } = find(email, otp_id)
      otp.account = String(account)
      return asText(otp)
    },
    deleteOtp(email, { otp_id }) {
      const { device, otp } = find(email, otp_id)
      device.otps = device.otps.filter((other) => other !== otp)
      return asText(otp)
    },
    signOut: (_email, _variables, token) => stub.tokens.delete(token),
  }

  const answer = (field: string, variables: Variables, authorization = '') => {
    const token = authorization.replace(/^Bearer /, '')
    const [public_, own] = [open[field], signed[field]]
    try {
      if (public_) return { data: { [field]: public_(variables) } }
      if (!own) return { errors: [{ message: `Cannot query field "${field}".` }] }
      if (!stub.tokens.has(token)) throw new Said('Authentication required.')
      return { data: { [field]: own(token.split('#')[0] ?? '', variables, token) } }
    } catch (error) {
      if (!(error instanceof Said)) throw error
      return { data: { [field]: null }, errors: [{ message: error.message, path: [field] }] }
    }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { query, variables } = (await readJson(request)) as { query: string; variables: Variables }
    const { authorization } = request.headers
    const field = /\{\s*(\w+)/.exec(query)?.[1] ?? ''
    stub.requests.push({ field, query, variables, authorization })
    const fault = faults.shift()
    if (typeof fault === 'object') return response.writeHead(fault.status, fault.headers).end(fault.body)
    const found = request.method === 'POST' && request.url === `${prefix}/graphql`
    const body = found ? answer(field, variables, authorization) : {}
    if (fault === 'lose-answer') return request.socket.destroy()
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(body))
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const stub: OtpStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    requests: [],
    devices: [],
    tokens: new Set(),
    failNext: (fault) => void faults.push(fault),
    registrationClosed: false,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return stub
}
