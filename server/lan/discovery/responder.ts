import type { Question } from 'dns-packet'
import type { Link, Sender } from './link.ts'
import { compareClaims, type DnsRecord, type Message, sameName, sameRecord } from './messages.ts'
import { instanceName, type Published, recordsOf, type Service } from './service-records.ts'

/** Milliseconds; tests hurry. */
export type Pace = { probe: number; announce: number; again: number; answer: number }

export const usualPace: Pace = { probe: 250, announce: 1_000, again: 60_000, answer: 20 }

/**
 * Whose a name is in one network: ours, which we answer for; the same machine's, where another program answers with our
 * addresses; or somebody else's.
 */
export type Claim = 'asking' | 'ours' | 'answered here' | 'taken'

export type ResponderOptions = {
  link: Link
  service: Service
  /** Every address of this machine, for knowing our own answers from strangers'. */
  isOwnAddress: (address: string) => boolean
  pace?: Pace
  /** Told whenever one of the two names changes hands. */
  onClaim?: (name: 'instance' | 'host', claim: Claim) => void
}

type Part = 'instance' | 'host'

/** More is a flood, and is not answered (answers of one second). */
const mostAnswers = 20

/**
 * Makes a service known in one network (RFC 6762): asks whether its names are free, announces them, answers questions,
 * notices when somebody else answers for them, and takes everything back at the end.
 */
export class Responder {
  readonly #options: ResponderOptions
  readonly #pace: Pace
  readonly #records: Published
  readonly #claims: Record<Part, Claim> = { instance: 'asking', host: 'asking' }
  readonly #timers = new Set<NodeJS.Timeout>()
  #answers = 0
  /** Counts rounds of asking; one that was overtaken does nothing more. */
  #round = 0
  #over = false

  constructor(options: ResponderOptions) {
    this.#options = options
    this.#pace = options.pace ?? usualPace
    this.#records = recordsOf(options.service, options.link.network.addresses)
    options.link.listen((message, from) => this.#hear(message, from))
    const relax = setInterval(() => {
      this.#answers = 0
    }, 1_000).unref()
    this.#timers.add(relax)
    const again = setInterval(() => this.#askAgain(), this.#pace.again).unref()
    this.#timers.add(again)
    void this.#ask(['instance', 'host'])
  }

  get claims(): Readonly<Record<Part, Claim>> {
    return this.#claims
  }

  /** Take back what was announced (§10.1). The link stays its owner's to close. */
  async stop(): Promise<void> {
    if (this.#over) return
    this.#over = true
    for (const timer of this.#timers) clearTimeout(timer)
    const answers = this.#held().map((record): DnsRecord => ({ ...record, ttl: 0 }) as DnsRecord)
    if (answers.length > 0) await this.#options.link.send({ kind: 'response', answers })
  }

  /** §8.1: three questions, and whoever has the name says so. A round takes along what an earlier one still asked for. */
  async #ask(parts: Part[]): Promise<void> {
    const round = ++this.#round
    for (const part of parts) this.#claim(part, 'asking')
    await this.#wait(Math.random() * this.#pace.probe)
    for (let tries = 0; tries < 3; tries++) {
      const open = this.#asking()
      if (this.#over || round !== this.#round || open.length === 0) return
      await this.#options.link.send({
        kind: 'query',
        questions: open.map((part) => ({ type: 'ANY' as never, class: 'IN', name: this.#nameOf(part) })),
        authorities: open.flatMap((part) => this.#unique(part)),
      })
      await this.#wait(this.#pace.probe)
    }
    if (this.#over || round !== this.#round) return
    for (const part of this.#asking()) this.#claim(part, 'ours')
    await this.#announce()
  }

  #asking(): Part[] {
    return (['instance', 'host'] as const).filter((part) => this.#claims[part] === 'asking')
  }

  /** §8.3. Twice, as one may be lost. */
  async #announce(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      const answers = this.#held()
      if (this.#over || answers.length === 0) return
      await this.#options.link.send({ kind: 'response', answers })
      await this.#wait(this.#pace.announce)
    }
  }

  /** What others answer for now and may not any more. */
  #askAgain(): void {
    const lost = (['instance', 'host'] as const).filter((part) =>
      ['answered here', 'taken'].includes(this.#claims[part]),
    )
    if (lost.length > 0) void this.#ask(lost)
  }

  #hear(message: Message, from: Sender): void {
    if (this.#over) return
    if (message.kind === 'response') this.#hearAnswers([...message.answers, ...message.additionals])
    else {
      this.#hearProbe(message)
      this.#answer(message, from)
    }
  }

  /** Somebody answers for a name of ours. */
  #hearAnswers(answers: DnsRecord[]): void {
    for (const part of ['instance', 'host'] as const) {
      const said = answers.filter((record) => sameName(record.name, this.#nameOf(part)) && !isOmission(record))
      if (said.length === 0) continue
      const strangers = said.filter((record) => !this.#isOwn(part, record) && !isGoodbye(record))
      const claim = this.#claims[part]
      if (strangers.length > 0 && claim === 'asking') this.#claim(part, 'taken')
      // §9: both ask anew, and whoever goes on defending it keeps it.
      else if (strangers.length > 0 && claim === 'ours') void this.#ask([part])
      else if (strangers.length === 0 && claim === 'asking' && !said.every(isGoodbye))
        this.#claim(part, 'answered here')
      else if (claim === 'answered here' && said.some(isGoodbye)) void this.#ask([part])
    }
  }

  /** §8.2: somebody asks for the same name at the same moment. */
  #hearProbe({ authorities }: Message): void {
    for (const part of ['instance', 'host'] as const) {
      if (this.#claims[part] !== 'asking') continue
      const theirs = authorities.filter((record) => sameName(record.name, this.#nameOf(part)))
      if (theirs.length === 0 || compareClaims(this.#unique(part), theirs) >= 0) continue
      this.#round++
      void this.#wait(this.#pace.announce).then(() => (this.#over ? undefined : this.#ask(this.#asking())))
      return
    }
  }

  #answer({ questions, answers: known, id }: Message, from: Sender): void {
    const found = this.#answersTo(questions).filter((record) => !isKnown(record, known))
    if (found.length === 0 || this.#answers >= mostAnswers) return
    this.#answers++
    const additionals = this.#besides(found)
    if (from.port !== 5353) {
      // §6.7: a plain resolver, which wants its question back and must not keep the answer long.
      const briefly = (records: DnsRecord[]) =>
        records.map((record) => ({ ...record, ttl: Math.min(10, ttlOf(record)), flush: false }) as DnsRecord)
      void this.#options.link.send(
        { kind: 'response', id, questions, answers: briefly(found), additionals: briefly(additionals) },
        from,
      )
      return
    }
    const say = () => void this.#options.link.send({ kind: 'response', answers: found, additionals })
    // §6: others may answer the same question, unless it is about what only we have.
    if (found.every((record) => record.type !== 'PTR')) say()
    else void this.#wait(this.#pace.answer * (1 + Math.random() * 5)).then(() => !this.#over && say())
  }

  #answersTo(questions: Question[]): DnsRecord[] {
    const held = this.#held()
    const found = questions.flatMap((question) => {
      const named = held.filter(({ name }) => sameName(name, question.name))
      const meant = named.filter(({ type }) => type === question.type || (question.type as string) === 'ANY')
      // That there are no such addresses is an answer too.
      const isAddress = question.type === 'A' || question.type === 'AAAA'
      return meant.length > 0 || !isAddress ? meant : named.filter(isOmission)
    })
    return [...new Set(found)]
  }

  /** §12 of RFC 6763: what whoever asks that will ask next. */
  #besides(found: DnsRecord[]): DnsRecord[] {
    const isAbout = (part: Part) => found.some((record) => record.type === 'PTR' || record.name === this.#nameOf(part))
    if (!isAbout('instance')) return []
    return this.#held().filter((record) => record.type !== 'PTR' && !found.includes(record))
  }

  /** What we answer for now. */
  #held(): DnsRecord[] {
    const { instance, host, shared } = this.#records
    return [
      ...(this.#claims.instance === 'ours' ? [...shared, ...instance] : []),
      ...(this.#claims.host === 'ours' ? host : []),
    ]
  }

  #nameOf(part: Part): string {
    return part === 'host' ? this.#options.service.host : instanceName(this.#options.service)
  }

  #unique(part: Part): DnsRecord[] {
    return this.#records[part].filter((record) => !isOmission(record))
  }

  #isOwn(part: Part, record: DnsRecord): boolean {
    if (record.type === 'A' || record.type === 'AAAA') return this.#options.isOwnAddress(record.data)
    return this.#records[part].some((own) => sameRecord(own, record))
  }

  #claim(part: Part, claim: Claim): void {
    if (this.#claims[part] === claim) return
    this.#claims[part] = claim
    this.#options.onClaim?.(part, claim)
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, milliseconds).unref()
      this.#timers.add(timer)
    })
  }
}

function isOmission({ type }: DnsRecord): boolean {
  return type === 'NSEC'
}

function isGoodbye(record: DnsRecord): boolean {
  return ttlOf(record) === 0
}

function ttlOf(record: DnsRecord): number {
  return ('ttl' in record ? record.ttl : undefined) ?? 0
}

/** §7.1: who asks knows it already, and for long enough. */
function isKnown(record: DnsRecord, known: DnsRecord[]): boolean {
  return known.some((one) => ttlOf(one) * 2 >= ttlOf(record) && sameRecord(one, record))
}
