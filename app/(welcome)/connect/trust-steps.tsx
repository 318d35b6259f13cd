import type { connect } from '#app/_i18n/connect.ts'
import { type System, systems } from './system-of.ts'

type Words = (typeof connect)['en']

/** What to do on each system; the visitor's own is open already. */
export function TrustSteps({ own, words }: { own: System | null; words: Words }) {
  return (
    <div className="mt-5 divide-y divide-line rounded-xl border border-line">
      {systems.map((system) => (
        <details key={system} name="system" open={system === own} className="group px-4">
          <summary className="cursor-pointer py-3 font-medium">
            {words.systems[system].name}
            {system === own ? <span className="ml-2 text-sm font-normal text-soft">{words.trust.yours}</span> : null}
          </summary>
          <div className="pb-4">
            <DownloadLink system={system} words={words.trust} />
            <ol className="mt-3 list-decimal space-y-2 pl-5 text-soft">
              {words.systems[system].steps.map((step) => (
                <li key={step} className="break-words">
                  {step}
                </li>
              ))}
            </ol>
          </div>
        </details>
      ))}
    </div>
  )
}

function DownloadLink({ system, words }: { system: System; words: Words['trust'] }) {
  const [href, label] =
    system === 'ios'
      ? ['/connect/hearthkeep.mobileconfig', words.profile]
      : ['/connect/hearthkeep-ca.crt', words.certificate]
  return (
    <a className="inline-block rounded-xl bg-ember px-4 py-2 font-semibold text-ember-ink hover:opacity-90" href={href}>
      {label}
    </a>
  )
}
