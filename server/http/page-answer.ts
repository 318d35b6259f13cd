import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'

const answers = new AsyncLocalStorage<ServerResponse>()

/** Run what answers a page, so that it can put cookies on its answer. */
export function answerPage(response: ServerResponse, answer: () => void): void {
  answers.run(response, answer)
}

/**
 * Put a cookie on the answer of the page's action that is running now. By Next's own way the whole page would be made
 * anew and sent behind what the action returns. Whoever was signed in or out leaves that page at once, and Firefox then
 * breaks off what is still arriving: Next's bare page for errors stood there until the next page came.
 *
 * @param line  as in `Set-Cookie`
 */
export function addCookie(line: string): void {
  const response = answers.getStore()
  if (!response) throw new Error('No page is being answered')
  response.appendHeader('Set-Cookie', line)
}
