import { constants, generateKeyPairSync, type KeyObject, privateDecrypt } from 'node:crypto'
import { postJson } from './cloud.ts'

export type Pair = { user: string; privateKey: KeyObject }

export function rsaPair(bits = 2048): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return { user: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), privateKey }
}

/** A challenge, answered: proves to the server that one has the private key. */
export async function prove(
  { user, privateKey }: Pair,
  url: string,
): Promise<{ user: string; challenge: string; nonce: string }> {
  const answer = await postJson(url, '/sync/challenge', { user })
  const { challenge, nonce } = (await answer.json()) as { challenge: string; nonce: string }
  const padding = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const opened = privateDecrypt(padding, Buffer.from(nonce, 'base64'))
  return { user, challenge, nonce: opened.toString('base64') }
}
