import { expect, test } from 'vitest'
import { verifyXeddsa } from './verify-xeddsa.ts'

/** Made by @privacyresearch/libsignal-protocol-typescript 0.0.16, the library of the web client. */
const vectors = [
  {
    identityKey: 'BQOHJ+Vr8RpaKsLUqMYwlDNle+HiYtiJrXHd3U88rCFe',
    publicKey: 'BUIxkJ6z7XGR1215PEp4nf2Z0A4ghdY8292buP8Xf8Ew',
    signature: 'W97aSw8HNi5KdSz4O20p4HcoVdaO5pOKxjRRSNc1PBSvdXQ64q6z9XQIKt8TEmtUfS9giVj1aZrZJ5DidS53gg==',
  },
  {
    identityKey: 'BVxngxSi0mrluC2PMTMTyZRdrDgNOqkqGlhzeoVWpxcQ',
    publicKey: 'Bd/XeieVA54bUhrhAiKX4e9YM6KL/1c3buQ9VduoLQBM',
    signature: 'IlN/mV1tshYGu5sOfwjwemXY54UsZdTV5GEVHCCR5W32XECh/vCILV1jfwjpHFNLsK15RmxtPNgCvEx7R/TBhA==',
  },
  {
    identityKey: 'BbjUb47yJv0vB5rnwq1/y3ZE4f43to43Tx9fMGxCkBoe',
    publicKey: 'BXcYXnsc7wPzxhJroLLZ9vtbRlPfZUJYScFA5OuKRv9N',
    signature: '7LH6tzLS/rBI/C0ASkM0eVfwcueFtrFdWnYtcoHArXUb9LTJwQk2wDWzNvwthRrd4XQB0gfLfAgkd4qOc/fYhw==',
  },
  {
    identityKey: 'BWZaD08NYRO8Hq7a4g9GEqKwGodfZsXHhFnCLKaRg7B1',
    publicKey: 'BUR8chQBwNWU1FySXTX3yGamEZa35zbo4xQNKsilrodC',
    signature: 'SKaLWOgP1mBidpUgWcAQpRnTk6wVsEv3edLlKQ6NNnwYT5ZPKTVoO+tBgZGRzi+66uvUjTeTTk7CMxjjVY1qiQ==',
  },
]

const bytes = (text: string) => Buffer.from(text, 'base64')

test.each(vectors)('a signature of the web client’s library verifies', ({ identityKey, publicKey, signature }) => {
  expect(verifyXeddsa(bytes(identityKey), bytes(publicKey), bytes(signature))).toBe(true)
})

test('one flipped bit anywhere refuses it', () => {
  const [{ identityKey, publicKey, signature }] = vectors as [(typeof vectors)[number]]
  for (const place of [1, 13, 31]) {
    const flip = (text: string) => {
      const changed = bytes(text)
      changed[place] = (changed[place] ?? 0) ^ 4
      return changed
    }
    expect(verifyXeddsa(flip(identityKey), bytes(publicKey), bytes(signature))).toBe(false)
    expect(verifyXeddsa(bytes(identityKey), flip(publicKey), bytes(signature))).toBe(false)
    expect(verifyXeddsa(bytes(identityKey), bytes(publicKey), flip(signature))).toBe(false)
  }
})

test('keys that are no points are refused, not thrown over', () => {
  const [{ publicKey, signature }] = vectors as [(typeof vectors)[number]]
  for (const fill of [0x00, 0xff]) {
    const key = Buffer.concat([Buffer.of(5), Buffer.alloc(32, fill)])
    expect(verifyXeddsa(key, bytes(publicKey), bytes(signature))).toBe(false)
  }
})
