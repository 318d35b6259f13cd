import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Question } from 'dns-packet'

/** A DNS record; the name as it was spelled. */
export type DnsRecord = Answer

/** What mDNS says (RFC 6762 §18), as far as anybody here listens. */
export type Message = {
  kind: 'query' | 'response'
  /** Nonzero only in questions that want their answer sent back alone (§6.7). */
  id: number
  questions: Question[]
  answers: DnsRecord[]
  authorities: DnsRecord[]
  additionals: DnsRecord[]
}

export type NewMessage = Partial<Omit<Message, 'kind'>> & Pick<Message, 'kind'>

export function encodeMessage({ kind, ...parts }: NewMessage): Buffer {
  return encode({ type: kind, flags: kind === 'response' ? AUTHORITATIVE_ANSWER : 0, id: 0, ...parts })
}

/** @returns null for what is no DNS message, from whoever in the house sends such things */
export function decodeMessage(bytes: Buffer): Message | null {
  try {
    const { type, id, questions, answers, authorities, additionals } = decode(bytes)
    return {
      kind: type === 'response' ? 'response' : 'query',
      id: id ?? 0,
      questions: questions ?? [],
      answers: answers ?? [],
      authorities: authorities ?? [],
      additionals: additionals ?? [],
    }
  } catch {
    return null
  }
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Type and contents of a record, comparable: the order of RFC 6762 §8.2. */
export function contentsOf(record: DnsRecord): Buffer {
  const data = (record as { data?: unknown }).data
  const plain = record.type === 'PTR' ? { data: String(data).toLowerCase() } : {}
  const target = record.type === 'SRV' ? { data: { ...record.data, target: record.data.target.toLowerCase() } } : {}
  const bytes = encode({ answers: [{ ...record, ...plain, ...target, name: '', ttl: 0 } as DnsRecord] })
  // Header 12, root name 1, then type 2, class 2, lifetime 4, length 2.
  return Buffer.concat([bytes.subarray(13, 15), bytes.subarray(23)])
}

export function sameRecord(a: DnsRecord, b: DnsRecord): boolean {
  return sameName(a.name, b.name) && contentsOf(a).equals(contentsOf(b))
}

/** Which of two that claim one name at the same time gets it (§8.2). @returns above 0 when `a` does, 0 when both say the same */
export function compareClaims(a: DnsRecord[], b: DnsRecord[]): number {
  const [ours, theirs] = [a, b].map((records) => records.map(contentsOf).sort(Buffer.compare)) as [Buffer[], Buffer[]]
  for (const [at, mine] of ours.entries()) {
    const other = theirs[at]
    if (!other) return 1
    const order = Buffer.compare(mine, other)
    if (order !== 0) return order
  }
  return ours.length - theirs.length
}
