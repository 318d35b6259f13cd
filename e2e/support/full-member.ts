import { randomBytes } from 'node:crypto'
import { expect } from '@playwright/test'
import { addDevice, slot } from './cloud.ts'
import { freshEmail, signUp as otpSignUp, password } from './otp.ts'
import { personOf } from './personas.ts'

const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

/** Somebody with things in three surfaces, made over the wire as their apps would. Their password is `password` of otp.ts. */
export async function fullMember({ url }: { url: string }) {
  const email = freshEmail()
  const phone = await otpSignUp(url, email)
  const place = await phone.addDevice('Phone')
  await phone.addOtp(place, 'Mail:mum@x.org', rfcSecret)

  const person = personOf(url, email, password)
  for (const text of ['first', 'second', 'third']) await person.put('keys of mum', `PK ${text}`)
  await person.put('photos', randomBytes(5000))

  const session = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: email, password }),
  })
  const { token } = (await session.json()) as { token: string }
  const device = await addDevice(url, token)
  const backups = slot(url, device.token)
  const firstBackup = randomBytes(100)
  expect((await backups.put(firstBackup, { 'If-None-Match': '*' })).status).toBe(200)
  expect((await backups.put(randomBytes(200), { 'If-Match': '"1"' })).status).toBe(200)
  return { email, person, device, backups, firstBackup, phone }
}
