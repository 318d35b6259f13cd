import { expect, test } from 'vitest'
import { CertificateKeeper } from '#server/lan/certificate-keeper.ts'
import { LocalCa } from '#server/lan/local-ca.ts'
import { testHome } from '#server/testing.ts'
import { type FoundServer, serversIn } from './browse.ts'
import { Discovery, describeService } from './discovery.ts'
import { readNetworks } from './link.ts'
import { type DnsRecord, decodeMessage } from './messages.ts'
import { Responder } from './responder.ts'
import { instanceName, type Service, serviceType } from './service-records.ts'
import { TestNetwork } from './testing.ts'

const hurry = { probe: 10, announce: 10, again: 60, answer: 1 }
const ca = 'ab'.repeat(32)
const hearth: Service = {
  instance: 'hearth 1a2b3c4d',
  host: 'hearth.local',
  port: 4443,
  facts: [
    'txtvers=1',
    'path=/connect',
    'url=https://hearth.local:4443',
    'http=4180',
    `ca=${ca}`,
    'id=0123456789abcdef',
  ],
}

function respond(network: TestNetwork, address: string, service = hearth, machine = [address]): Responder {
  const link = network.join(address)
  return new Responder({ link, service, isOwnAddress: (one) => machine.includes(one), pace: hurry })
}

const settled = (responder: Responder) =>
  expect.poll(() => Object.values(responder.claims).includes('asking'), { interval: 5 }).toBe(false)

async function settledServer(): Promise<{ network: TestNetwork; responder: Responder }> {
  const network = new TestNetwork()
  const responder = respond(network, '192.168.1.20')
  await settled(responder)
  return { network, responder }
}

/** What a new device in that network finds. */
async function findIn(network: TestNetwork, found: (servers: FoundServer[]) => boolean): Promise<FoundServer[]> {
  const heard: DnsRecord[] = []
  const link = network.join('192.168.1.99')
  link.listen(({ kind, answers, additionals }) => kind === 'response' && heard.push(...answers, ...additionals))
  await link.send({ kind: 'query', questions: [{ type: 'PTR', class: 'IN', name: serviceType }] })
  await expect.poll(() => found(serversIn(heard)), { interval: 5 }).toBe(true)
  link.close()
  return serversIn(heard)
}

test('a server is found with its name, addresses and the fingerprint of its CA', async () => {
  const { network, responder } = await settledServer()
  expect(await findIn(network, ({ length }) => length > 0)).toEqual([
    {
      name: 'hearth 1a2b3c4d',
      url: 'https://hearth.local:4443',
      addresses: ['192.168.1.20'],
      httpPort: 4180,
      fingerprint: ca.toUpperCase().match(/../g)?.join(':'),
      id: '0123456789abcdef',
    },
  ])
  await responder.stop()
})

test('nothing is announced before the network was asked three times', async () => {
  const { network, responder } = await settledServer()
  const first = network.said.findIndex(({ message }) => message.kind === 'response')
  const asked = network.said.slice(0, first === -1 ? undefined : first)
  expect(asked.map(({ message }) => message.kind)).toEqual(['query', 'query', 'query'])
  expect(asked[0]?.message.questions.map(({ name }) => name)).toEqual([instanceName(hearth), hearth.host])
  await responder.stop()
})

test('at the end everything is taken back', async () => {
  const { network, responder } = await settledServer()
  await responder.stop()
  const last = network.said.at(-1)?.message
  expect(last?.answers.map((record) => 'ttl' in record && record.ttl)).toEqual(last?.answers.map(() => 0))
  expect(last?.answers.map(({ type }) => type).sort()).toEqual(['A', 'NSEC', 'PTR', 'PTR', 'SRV', 'TXT'])
})

test('a name that another machine has is left to it, and the server is listed all the same', async () => {
  const network = new TestNetwork()
  const other = respond(network, '192.168.1.30', { ...hearth, instance: 'hearth ffffffff' })
  await settled(other)
  const responder = respond(network, '192.168.1.20')
  await settled(responder)
  expect(responder.claims).toEqual({ instance: 'ours', host: 'taken' })
  expect(other.claims).toEqual({ instance: 'ours', host: 'ours' })
  await other.stop()
  await expect.poll(() => responder.claims.host).toBe('ours')
  await responder.stop()
})

test('of two that want one name at the same moment one gets it', async () => {
  const network = new TestNetwork()
  const both = [
    respond(network, '192.168.1.20'),
    respond(network, '192.168.1.30', { ...hearth, instance: 'hearth ffffffff' }),
  ]
  await expect.poll(() => both.map(({ claims }) => claims.host).sort()).toEqual(['ours', 'taken'])
  for (const responder of both) await responder.stop()
})

test('a name that this machine answers for already is left to that program, until it goes', async () => {
  const network = new TestNetwork()
  const machine = ['192.168.1.20', '10.0.0.5']
  const avahi = respond(network, '192.168.1.20', { ...hearth, instance: 'avahi' }, machine)
  await settled(avahi)
  const responder = respond(network, '192.168.1.20', hearth, machine)
  await settled(responder)
  expect(responder.claims).toEqual({ instance: 'ours', host: 'answered here' })
  await avahi.stop()
  await expect.poll(() => responder.claims.host).toBe('ours')
  await responder.stop()
})

test('who answers for a name of ours later makes us ask again, and we keep it against silence', async () => {
  const { network, responder } = await settledServer()
  const liar = network.join('192.168.1.66')
  const lie: DnsRecord = { type: 'A', class: 'IN', name: 'hearth.local', ttl: 120, flush: true, data: '192.168.1.66' }
  await liar.send({ kind: 'response', answers: [lie] })
  await expect.poll(() => responder.claims.host).toBe('asking')
  await expect.poll(() => responder.claims.host).toBe('ours')
  await responder.stop()
})

test('a plain resolver gets its answer alone, with its question, for a short time', async () => {
  const { network, responder } = await settledServer()
  const from = { address: '192.168.1.50', port: 40_000 }
  network.ask({ kind: 'query', id: 77, questions: [{ type: 'A', class: 'IN', name: 'HEARTH.local' }] }, from)
  const answer = network.said.at(-1)
  expect(answer?.to).toEqual(from)
  expect(answer?.message).toMatchObject({
    id: 77,
    questions: [{ name: 'HEARTH.local' }],
    answers: [{ type: 'A', data: '192.168.1.20', ttl: 10, flush: false }],
  })
  await responder.stop()
})

test('that there is no IPv6 is said at once', async () => {
  const { network, responder } = await settledServer()
  network.ask(
    { kind: 'query', questions: [{ type: 'AAAA', class: 'IN', name: 'hearth.local' }] },
    { address: '192.168.1.50', port: 5353 },
  )
  const answers = network.said.at(-1)?.message.answers
  expect(answers).toMatchObject([{ type: 'NSEC', data: { nextDomain: 'hearth.local', rrtypes: ['A'] } }])
  await responder.stop()
})

test('what the asker knows is not said again, and a flood is not answered', async () => {
  const { network, responder } = await settledServer()
  const from = { address: '192.168.1.50', port: 5353 }
  const question = { type: 'A', class: 'IN', name: 'hearth.local' } as const
  const known: DnsRecord = { type: 'A', class: 'IN', name: 'hearth.local', ttl: 100, data: '192.168.1.20' }
  const before = network.said.length
  network.ask({ kind: 'query', questions: [question], answers: [known] }, from)
  expect(network.said).toHaveLength(before)
  for (let times = 0; times < 200; times++) network.ask({ kind: 'query', questions: [question] }, from)
  expect(network.said.length - before).toBeLessThanOrEqual(20)
  await responder.stop()
})

test('what is no DNS message is not heard', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(5, 255), Buffer.from('GET / HTTP/1.1'), Buffer.alloc(600, 0xc0)])
    expect(() => decodeMessage(bytes)).not.toThrow()
})

test('a found server says nothing that a terminal or a program would stumble over', () => {
  const name = `evil\u001b[31m._hearthkeep._tcp.local`
  const listed: DnsRecord[] = [
    { type: 'PTR', name: serviceType, ttl: 120, data: name },
    { type: 'SRV', name, ttl: 120, data: { target: 'evil.local', port: 1 } },
  ]
  const facts = (...texts: string[]): DnsRecord[] => [
    ...listed,
    { type: 'TXT', name, ttl: 120, data: texts.map((text) => Buffer.from(text)) },
  ]
  expect(serversIn(facts('ca=zz', 'id=<script>', 'http=99999'))).toMatchObject([
    { name: 'evil??31m', url: 'https://evil.local:1', fingerprint: null, id: null, httpPort: null },
  ])
  for (const url of ['http://evil.local', 'javascript:alert(1)', 'https://a:b@evil.local'])
    expect(serversIn(facts(`url=${url}`))).toEqual([])
  expect(serversIn(listed.slice(0, 1))).toEqual([])
})

test('only real networks count, with the addresses that lead there', () => {
  const v4 = { netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false } as const
  const v6 = { netmask: 'ffff::', family: 'IPv6', mac: '', internal: false, scopeid: 0 } as const
  expect(
    readNetworks({
      lo: [{ ...v4, address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true }],
      eth0: [
        { ...v4, address: '192.168.1.20', cidr: '192.168.1.20/24' },
        { ...v6, address: 'fe80::1', cidr: 'fe80::1/64' },
        { ...v6, address: 'fd00::2', cidr: 'fd00::2/64' },
      ],
      tun0: [{ ...v6, address: 'fd00::9', cidr: 'fd00::9/64' }],
    }),
  ).toEqual([
    { name: 'eth0', address: '192.168.1.20', cidr: '192.168.1.20/24', addresses: ['192.168.1.20', 'fd00::2'] },
  ])
})

test('a server that only this machine reaches, or that is told not to, stays silent', async () => {
  await using narrow = await testHome({ HEARTHKEEP_HOSTNAME: 'hearth.local' })
  await using quiet = await testHome({ HEARTHKEEP_MDNS: 'off' })
  quiet.ctx.httpsAddress = 'https://hearth.local:4443'
  quiet.ctx.certificates = await CertificateKeeper.open(new LocalCa(quiet.ctx), quiet.ctx)
  for (const { ctx } of [narrow, quiet]) {
    const discovery = Discovery.start(ctx)
    await discovery.look()
    expect(discovery.state).toBeNull()
    await discovery.stop()
  }
})

test('a name that is not of the house’s own kind is not announced; the server is, under another', async () => {
  await using home = await testHome({ HEARTHKEEP_HOSTNAME: 'hearth.example' })
  home.ctx.httpsAddress = 'https://hearth.example:4443'
  home.ctx.certificates = await CertificateKeeper.open(new LocalCa(home.ctx), home.ctx)
  const service = describeService(home.ctx)
  expect(service?.host).toMatch(/^hearthkeep-[0-9a-f]{8}\.local$/)
  expect(service?.facts).toContain('url=https://hearth.example:4443')
})
