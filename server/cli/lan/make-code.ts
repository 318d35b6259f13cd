import { X509Certificate } from 'node:crypto'
import { renderUnicodeCompact } from 'uqr'
import { type AdminHouse, withHouse } from '#server/cli/admin/with-house.ts'
import { localServer, localServerForHouse } from '#server/cli/local-server.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome } from '#server/cli/terminal/verb-group.ts'
import type { Config } from '#server/config/env.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { readPair } from '#server/lan/certificate-file.ts'
import { fileSource } from '#server/lan/file-source.ts'
import { invitationDays, makePairing, pairingMinutes } from '#server/lan/pairing/make-pairing.ts'
import { pairingLink } from '#server/lan/pairing/pairing-link.ts'
import { type Reach, readReach } from '#server/lan/reach.ts'
import { makeInvitation } from '#server/people/invitations.ts'
import { registrationPolicy } from '#server/people/registration.ts'

/** Make a pairing code on the server's own machine, for the keeper. @throws usage failure while nobody could use it */
export async function makeCode({ invite = false }: { invite?: boolean }): Promise<Outcome> {
  const reach = await reachOfHouse()
  let outcome: Outcome | null = null
  await withHouse(async ({ ctx, db, settings }) => {
    if (invite && registrationPolicy(settings) === 'closed')
      throw usageFailure('Nobody can join this server: registration is closed (HEARTHKEEP_REGISTRATION)')
    const { code, expiresAt, also } = await makePairing({ ...ctx, db }, { ca: reach.ca, madeBy: null }, (tx) =>
      invite ? inviteOne(ctx, tx) : null,
    )
    outcome = describe({ ...reach, code, invitation: also ?? null }, expiresAt)
  })
  if (outcome === null) throw new CommandFailure(exitCodes.unexpected, 'no-server', 'No code was made')
  return outcome
}

type Tx = Parameters<typeof makeInvitation>[1]

function inviteOne(ctx: AdminHouse['ctx'], tx: Tx): string {
  const wish = { role: 'member', quotaBytes: null, uses: 1, days: invitationDays, madeBy: null } as const
  return makeInvitation(ctx, tx, wish).code
}

async function reachOfHouse(): Promise<Reach> {
  const config = readServerConfig(process.env)
  const httpAddress = localServer()
  if (httpAddress === null)
    throw usageFailure('The server does not run here; start it first, or set HEARTHKEEP_DATA_DIR')
  const certificates = await readCertificates(config)
  const httpsAddress = localServerForHouse()
  const reach = readReach({ publicUrl: config.publicUrl, httpsAddress, httpAddress, ...certificates })
  if (!reach) throw usageFailure('HTTPS is off: there is no encrypted way in that a device could trust')
  return reach
}

async function readCertificates(config: Config): Promise<Pick<Reach, 'ca'> & { leaf: X509Certificate | null }> {
  if (config.tlsFiles) return { ca: null, leaf: (await fileSource(config.tlsFiles).read()).leaf }
  const ca = await readPair(config.dataFolder, 'ca.pem')
  const server = await readPair(config.dataFolder, 'server.pem')
  return {
    ca: ca ? new X509Certificate(ca.certificate) : null,
    leaf: server ? new X509Certificate(server.certificate) : null,
  }
}

function describe(facts: Parameters<typeof pairingLink>[0], expiresAt: number): Outcome {
  const link = pairingLink(facts)
  const { code, invitation, addresses, ca } = facts
  const fingerprint = ca?.fingerprint256 ?? null
  const lines = [
    renderUnicodeCompact(link),
    '',
    link,
    '',
    `Scan it, open it, or on another computer: hearthkeep pair --with ${code}`,
    `Good for ${pairingMinutes} minutes, once.${invitation ? ' Whoever has it can make an account here.' : ' It signs nobody in.'}`,
    ...(fingerprint ? [`SHA-256 of the certificate authority: ${fingerprint}`] : []),
  ]
  return {
    text: lines.join('\n'),
    json: { code, link, addresses, fingerprint, invitation, expiresAt: new Date(expiresAt).toISOString() },
  }
}
