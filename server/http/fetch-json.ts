const mostMilliseconds = 5_000
const mostBytes = 256 * 1024

/**
 * GET a JSON document of another service, within 5 seconds and 256 KiB. Redirects are not followed: they could lead
 * anywhere, inside this network too.
 *
 * @throws Error, whatever goes wrong
 */
export async function readJson(address: string): Promise<unknown> {
  const answer = await fetch(address, {
    redirect: 'error',
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(mostMilliseconds),
  })
  if (!answer.ok) {
    await answer.body?.cancel()
    throw new Error(`answered ${answer.status}`)
  }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > mostBytes) throw new Error('sent too much')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}
