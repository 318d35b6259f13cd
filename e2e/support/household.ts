/** A family with something in every surface of a server, and the question whether all of it is still there. */
import { expect } from 'vitest'
import { call, type Person, signIn, signUp } from './disaster-client.ts'
import { type Random, sha256 } from './disaster-random.ts'
import { createBackup, factorsAt, ok } from './factors.ts'
import { createByPasskey, provePasskey } from './factors-passkeys.ts'
import { Device } from './oplog.ts'
import * as otp from './otp.ts'
import { password, personOf, register } from './personas.ts'

type Server = { readonly url: string }

export type Household = {
  person: Person
  /** @throws unless all of it is served, with the passwords, tokens and passkeys of before */
  isServedBy(server: Server): Promise<void>
}

const mebibyte = 1024 * 1024

/** Move in. Every object is one of several versions, small and large. */
export async function moveIn(server: Server, random: Random): Promise<Household> {
  const person = await signUp(server)
  const device = await person.slot.addDevice()
  const large = random.bytes(2 * mebibyte)
  for (const [version, bytes] of [random.bytes(100), random.bytes(70_000), large].entries())
    expect((await person.slot.put(bytes, version)).status).toBe(200)
  const small = random.bytes(33)
  expect((await device.put(small, 0)).status).toBe(200)

  const reader = await register(server.url)
  const persona = random.bytes(300_000)
  expect((await reader.put('diary', new Uint8Array(persona))).ok).toBe(true)

  const phone = await otp.signUp(server.url)
  const phoneId = await phone.addDevice()
  expect(otp.messagesOf(await phone.addOtp(phoneId, 'Okta', 'LhBcxADNq0NrcPlxwP5skw'))).toEqual([])

  const factors = factorsAt(server.url)
  const byKey = await createBackup(factors, { bytes: random.bytes(10_000) })
  const byPasskey = await createByPasskey(factors)

  const writer = new Device(server)
  const operations = ['a small one', 'x'.repeat(50_000)]
  for (const payload of operations) expect((await writer.send(payload)).status).toBe(200)

  async function slotIsServed(now: Server) {
    expect(await person.slot.at(now).get()).toMatchObject({ status: 200, version: 3, hash: sha256(large) })
    expect(await device.at(now).get()).toMatchObject({ status: 200, version: 1, hash: sha256(small) })
    const fresh = await signIn(now, person)
    expect(await fresh.get()).toMatchObject({ status: 200, version: 3 })
    expect(await fresh.refresh()).toBe(200)
    const history = await call(now, 'GET', '/v1/backup/history', { Authorization: `Bearer ${fresh.token}` })
    expect(history.status).toBe(200)
    expect(history.body.toString()).toContain('"version":2')
  }

  async function factorsAreServed(now: Server) {
    const there = factorsAt(now.url)
    expect(ok(await there.retrieve(byKey.main))).toMatchObject({ backup: byKey.bytes.toString('base64') })
    const proof = await provePasskey(there, 'retrieve', byPasskey.passkey)
    const opened = ok(await there.send('retrieve/from-challenge', proof))
    expect(opened).toMatchObject({ backup: byPasskey.bytes.toString('base64') })
  }

  return {
    person,
    async isServedBy(now) {
      await slotIsServed(now)
      const answer = await personOf(now.url, reader.email, password).get('diary')
      expect(answer.status).toBe(200)
      expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(persona))
      const again = await otp.signIn(now.url, phone.email)
      const { answer: codes } = await again.otps(phoneId)
      expect(codes.data.otps).toMatchObject([{ account: 'Okta', secret: 'LhBcxADNq0NrcPlxwP5skw' }])
      const old = await otp.graphql(now.url, '{ devices { id } }', {}, `Bearer ${phone.token}`)
      expect(otp.messagesOf(old)).toEqual([])
      await factorsAreServed(now)
      const log = await new Device(now, writer.user).fetch()
      expect(log.lines.map(({ payload }) => payload)).toEqual(operations)
    },
  }
}
