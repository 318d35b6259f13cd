import { connect } from '#app/_i18n/en/connect.ts'
import { type System, systems } from './system-of.ts'

/** What to do on each system; the visitor's own is open already. */
export function TrustSteps({ own }: { own: System | null }) {
  return (
    <div className="mt-5 divide-y divide-line rounded-xl border border-line">
      {systems.map((system) => (
        <details key={system} name="system" open={system === own} className="group px-4">
          <summary className="cursor-pointer py-3 font-medium">
            {connect.systems[system].name}
            {system === own ? <span className="ml-2 text-sm font-normal text-soft">{connect.trust.yours}</span> : null}
          </summary>
          <div className="pb-4">
            <DownloadLink system={system} />
            <ol className="mt-3 list-decimal space-y-2 pl-5 text-soft">
              {connect.systems[system].steps.map((step) => (
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

function DownloadLink({ system }: { system: System }) {
  const [href, words] =
    system === 'ios'
      ? ['/connect/hearthkeep.mobileconfig', connect.trust.profile]
      : ['/connect/hearthkeep-ca.crt', connect.trust.certificate]
  return (
    <a className="inline-block rounded-xl bg-ember px-4 py-2 font-semibold text-ember-ink hover:opacity-90" href={href}>
      {words}
    </a>
  )
}
