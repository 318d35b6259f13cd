import { InvalidArgumentError } from 'commander'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure } from '#server/cli/terminal/failure.ts'
import { type PairedServer, pairedServerAt, recallPairedServers } from '#server/cli/terminal/paired-servers.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { browse, type FoundServer } from '#server/lan/discovery/browse.ts'

export type DiscoverOptions = { seconds: number; json?: boolean }

/** `known` = paired with, and it shows the same CA; `differs` = paired with, and it shows another: somebody may lie. */
type Verdict = 'known' | 'differs' | 'new'

/** List the servers in the house. What they say of themselves is not proven by it. */
export async function discover({ terminal }: VerbContext, { seconds }: DiscoverOptions): Promise<Outcome> {
  const paired = recallPairedServers(terminal.env)
  const found = (await browse(seconds)).map((server) => ({ ...server, verdict: verdictOn(server, paired) }))
  if (found.length === 0)
    throw new CommandFailure(exitCodes.nothingStored, 'none-found', 'No server was found in the house.')
  const text = found.map(describe).join('\n\n')
  return { text, json: { servers: found } }
}

function verdictOn({ url, fingerprint }: FoundServer, paired: PairedServer[]): Verdict {
  const known = pairedServerAt(paired, url)
  if (!known) return 'new'
  return known.fingerprint === fingerprint ? 'known' : 'differs'
}

const words: Record<Verdict, string> = {
  known: 'paired',
  differs: 'NOT the certificate authority that you paired with: a new one was made, or somebody pretends',
  new: 'not paired yet: compare the fingerprint, or use a pairing code',
}

function describe({ name, url, addresses, fingerprint, verdict }: FoundServer & { verdict: Verdict }): string {
  return [
    `${name}`,
    `  Address     ${url}`,
    `  Leads to    ${addresses.join(' ') || '(it does not say)'}`,
    `  SHA-256     ${fingerprint ?? '(no authority of its own)'}`,
    `  ${words[verdict]}`,
  ].join('\n')
}

export function wholeSeconds(text: string): number {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= 60) return value
  throw new InvalidArgumentError('must be a whole number from 1 to 60')
}
