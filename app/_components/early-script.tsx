import { headers } from 'next/headers'
import { keepEarlyInput } from './keep-early-input.ts'

/**
 * Asks for the page again when Back brings it from the browser's memory: it may belong to somebody who has signed out
 * since. Safari keeps pages there over plain HTTP whatever their headers say.
 */
function renewAfterBack(): void {
  window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload())
}

/** Goes before everything that people can touch, and works before the page's own script runs. */
export async function EarlyScript() {
  const nonce = (await headers()).get('x-hearthkeep-nonce') ?? undefined
  const script = [keepEarlyInput, renewAfterBack].map((work) => `(${work.toString()})()`).join(';')
  // biome-ignore lint/security/noDangerouslySetInnerHtml: functions of ours, and nothing else is in it
  return <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} />
}
