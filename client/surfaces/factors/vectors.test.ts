import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toBase64 } from '#client/encoding/base64.ts'
import { ecFactor, importEcFactorKey } from './ec-factor.ts'
import { fileFromBytes } from './file-source.ts'
import { createRecoveryKey } from './recovery-key.ts'
import { sealFiles } from './seal-files.ts'
import { unwrapUnder, wrapUnder } from './wrapped-key.ts'

/*
 * A second implementation, written from README.md with node's own crypto, and the vectors that stand there.
 */

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
const backupId = `backup_account_02${'ab'.repeat(32)}`
const key = new Uint8Array(32).map((_, index) => index)
const hkdf = (secret: Uint8Array, salt: Uint8Array, info: string) =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, 32))

function decrypt(aesKey: Buffer, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', aesKey, nonce).setAAD(aad)
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
}

function openByReadme(blob: Buffer, manifestHash: string): { manifest: unknown; content: Buffer } {
  const salt = blob.subarray(8, 40)
  expect(blob.subarray(0, 8).toString('latin1')).toBe(`HKFB\u0001${String.fromCharCode(blob[5] ?? 9)}\0\0`)
  expect(hkdf(key, salt, 'hearthkeep factor-backup 1 commitment')).toEqual(blob.subarray(40, 72))
  const aesKey = hkdf(key, salt, 'hearthkeep factor-backup 1 content')
  const aad = Buffer.concat([blob.subarray(0, 72), Buffer.from(manifestHash, 'hex'), Buffer.from(backupId)])
  const pieces: Buffer[] = []
  for (let at = 72, index = 0; at < blob.length; at += 65_552, index += 1) {
    const nonce = Buffer.alloc(12)
    nonce.writeUInt32BE(index, 7)
    nonce[11] = at + 65_552 >= blob.length ? 1 : 0
    pieces.push(decrypt(aesKey, nonce, aad, blob.subarray(at, at + 65_552)))
  }
  const plaintext = Buffer.concat(pieces)
  const manifestEnd = 4 + plaintext.readUInt32BE(0)
  const manifest = plaintext.subarray(4, manifestEnd)
  expect(createHash('sha256').update(manifest).digest('hex')).toBe(manifestHash)
  return { manifest: JSON.parse(manifest.toString()), content: plaintext.subarray(manifestEnd) }
}

test('the sealed backup of README.md', async () => {
  const source = fileFromBytes('a.txt', new TextEncoder().encode('hello'))
  const { body, manifestHash } = await sealFiles(backupId, [source], key, {
    now: () => 1_763_700_000_000,
    salt: () => new Uint8Array(32).fill(1),
    manifestSalt: () => toBase64(new Uint8Array(16).fill(2)),
    padding: 'none',
  })
  const blob = Buffer.from(await new Response(body.open()).arrayBuffer())
  expect(readme).toContain(manifestHash)
  expect(readme.replace(/\n {4}/g, '')).toContain(blob.toString('base64'))
  expect(openByReadme(blob, manifestHash)).toMatchInlineSnapshot(`
    {
      "content": {
        "data": [
          104,
          101,
          108,
          108,
          111,
        ],
        "type": "Buffer",
      },
      "manifest": {
        "files": [
          {
            "name": "a.txt",
            "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            "size": 5,
          },
        ],
        "format": 1,
        "salt": "AgICAgICAgICAgICAgICAg==",
        "savedAt": 1763700000000,
      },
    }
  `)
})

test('a sealed backup of several chunks, padded', async () => {
  const content = new Uint8Array(randomBytes(200_000))
  const { body, manifestHash } = await sealFiles(backupId, [fileFromBytes('a', content)], key)
  const opened = openByReadme(Buffer.from(await new Response(body.open()).arrayBuffer()), manifestHash)
  expect(opened.content.subarray(0, content.length).equals(content)).toBe(true)
  expect(opened.content.subarray(content.length).every((byte) => byte === 0)).toBe(true)
})

test('the wrap of README.md', async () => {
  const secret = new Uint8Array(32).fill(3)
  const salt = new Uint8Array(32).fill(4)
  const context = { for: 'prf', id: 'AQID', backupId } as const
  const wrapped = await wrapUnder(secret, salt, context, key)
  expect(readme).toContain(wrapped)
  expect(await unwrapUnder(secret, { salt: toBase64(salt), key: wrapped }, context)).toEqual(key)
  expect(unwrapByReadme(secret, salt, 'prf', 'AQID', wrapped)).toEqual(Buffer.from(key))
})

test('a wrap for a key pair', async () => {
  const { pkcs8 } = await createRecoveryKey()
  const { encryptedKey } = await ecFactor(await importEcFactorKey(pkcs8)).wrap(key, backupId, [])
  const [wrap] = JSON.parse(encryptedKey).wraps
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  const secret = diffieHellman({ privateKey, publicKey: createPublicKey(privateKey) })
  expect(unwrapByReadme(secret, Buffer.from(wrap.salt, 'base64'), 'ec', wrap.id, wrap.key)).toEqual(Buffer.from(key))
})

function unwrapByReadme(secret: Uint8Array, salt: Uint8Array, kind: string, id: string, wrapped: string): Buffer {
  const info = `hearthkeep factor-backup 1 wrap\0${kind}\0${id}\0${backupId}\0`
  return decrypt(hkdf(secret, salt, info), Buffer.alloc(12), Buffer.from(info), Buffer.from(wrapped, 'base64'))
}
