import { Hearth } from '#app/_components/hearth.tsx'
import { house } from '#app/_server/house.ts'

const surfaces = [
  ['Cloud backup', 'One sealed backup a person or device, with versions.', '/v1/backup'],
  ['Personas', 'Zip backups by e-mail and password.', '/personas'],
  ['Factor backups', 'Sealed backups by passkey, account or key pair.', '/v1/create'],
  ['One-time passwords', 'Secrets of a device, unlocked with its PIN.', '/graphql'],
  ['Operation log', 'Encrypted changes, streamed between devices.', '/sync'],
] as const

export default function Welcome() {
  const { ctx } = house()
  const address = ctx.config.publicUrl
  return (
    <main className="mx-auto max-w-2xl px-5 py-14 sm:py-20">
      <Hearth />
      <h1 className="mt-6 text-3xl font-semibold tracking-tight sm:text-4xl">Hearthkeep is running</h1>
      <p className="mt-3 text-lg text-soft">
        It keeps the encrypted backups of your family’s apps on this machine. What it stores was sealed before it
        arrived; only its owners can open it.
      </p>

      <section aria-labelledby="apps" className="mt-10 rounded-2xl border border-line bg-card p-6">
        <h2 id="apps" className="text-lg font-semibold">
          For your apps
        </h2>
        <p className="mt-2 text-soft">
          Give an app this server’s address instead of its cloud’s
          {address ? ':' : ', the one in your browser’s address bar.'}
        </p>
        {address ? <code className="mt-2 block break-all text-ember">{address}</code> : null}
        <ul className="mt-5 divide-y divide-line">
          {surfaces.map(([name, what, path]) => (
            <li
              key={path}
              className="flex flex-col gap-1 py-3 sm:flex-row sm:items-baseline sm:justify-between sm:gap-6"
            >
              <span>
                <span className="font-medium">{name}</span> <span className="text-soft">{what}</span>
              </span>
              <code className="shrink-0 text-sm text-soft">{path}</code>
            </li>
          ))}
        </ul>
      </section>

      <p className="mt-6 text-soft">
        Version {ctx.version} ·{' '}
        <a className="text-ember underline underline-offset-4" href="/docs">
          API reference
        </a>
      </p>
    </main>
  )
}
