import type { welcome } from '#app/_i18n/en/welcome.ts'

const paths = [
  ['cloud', '/v1/backup'],
  ['personas', '/personas'],
  ['factors', '/v1/create'],
  ['otp', '/graphql'],
  ['sync', '/sync'],
] as const

/** What to enter in apps, folded away: most people come here to sign in. */
export function AppAddress({ words, address }: { words: (typeof welcome)['apps']; address: string | null }) {
  return (
    <details className="mt-10 rounded-2xl border border-line bg-card px-5 py-4 sm:px-6">
      <summary className="w-fit cursor-pointer rounded font-semibold">{words.heading}</summary>
      <p className="mt-3 text-soft">{address ? words.at : words.here}</p>
      {address ? <code className="mt-2 block break-all text-ember">{address}</code> : null}
      <ul className="mt-3 divide-y divide-line">
        {paths.map(([surface, path]) => {
          const [name, what] = words.surfaces[surface]
          return (
            <li
              key={path}
              className="flex flex-col gap-1 py-3 sm:flex-row sm:items-baseline sm:justify-between sm:gap-6"
            >
              <span>
                <span className="font-medium">{name}</span> <span className="text-soft">{what}</span>
              </span>
              <code className="shrink-0 text-sm text-soft">{path}</code>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
