import {
  constants,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  privateDecrypt,
} from 'node:crypto'
import { expect, test } from 'vitest'
import vector from './format-1.vector.json' with { type: 'json' }
import { importKeys } from './keys.ts'
import { openOperation } from './operation-payload.ts'

const { clientId, index } = vector
const pkcs8 = Buffer.from(vector.pkcs8, 'base64')
const hello = Buffer.from('hello')
const long = Buffer.alloc(300, 7)

test('payloads of format 1 open for ever', async () => {
  const keys = await importKeys(new Uint8Array(pkcs8))
  const open = (payload: string) => openOperation(keys, { clientId, index }, payload)
  expect(await open(vector.direct)).toEqual({ content: new Uint8Array(hello) })
  expect(await open(vector.hybrid)).toEqual({ content: new Uint8Array(long) })
})

/** As README.md says, with nothing of ours. */
function openByTheBook(payload: string): Buffer {
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const d = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  const salt = createHash('sha256').update(spki).digest()
  const info = 'hearthkeep oplog 1 authentication'
  const secret = Buffer.from(hkdfSync('sha256', d.subarray(d.findIndex(Boolean)), salt, info, 32))

  const bytes = Buffer.from(payload, 'base64')
  const [sealed, mac] = [bytes.subarray(0, -32), bytes.subarray(-32)]
  const place = Buffer.alloc(24)
  place.write(clientId.replaceAll('-', ''), 'hex')
  place.writeBigUInt64BE(BigInt(index), 16)
  const label = Buffer.from('hearthkeep oplog 1 operation')
  expect(createHmac('sha256', secret).update(label).update(place).update(sealed).digest()).toEqual(mac)

  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const rsa = (body: Buffer) => privateDecrypt({ key, padding, oaepHash: 'sha256', oaepLabel: label }, body)
  const body = sealed.subarray(18)
  if (sealed[1] === 0) return rsa(body)
  const cipher = createDecipheriv('aes-256-gcm', rsa(body.subarray(0, 256)), body.subarray(256, 268))
  cipher.setAuthTag(body.subarray(-16))
  const padded = Buffer.concat([cipher.update(body.subarray(268, -16)), cipher.final()])
  return padded.subarray(4, 4 + padded.readUInt32BE())
}

test('README.md is enough to write another implementation', () => {
  expect(openByTheBook(vector.direct)).toEqual(hello)
  expect(openByTheBook(vector.hybrid)).toEqual(long)
  expect(Buffer.from(vector.hybrid, 'base64').length).toBe(1024)
})
