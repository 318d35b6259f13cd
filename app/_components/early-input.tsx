import { headers } from 'next/headers'
import { keepEarlyInput } from './keep-early-input.ts'

/** Goes before everything that people can touch: what they do before the page's own script runs is not lost. */
export async function EarlyInput() {
  const nonce = (await headers()).get('x-hearthkeep-nonce') ?? undefined
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a function of ours, and nothing else is in it
  return <script nonce={nonce} dangerouslySetInnerHTML={{ __html: `(${keepEarlyInput.toString()})()` }} />
}
