'use client'

import { Notice } from '#app/_components/notice.tsx'
import { placeFields } from '#app/_i18n/place-fields.ts'
import { useWords } from '#app/_i18n/use-words.ts'

type Refusal = keyof (typeof placeFields)['en']['refusal']

export type Tried = {
  steps: { step: keyof (typeof placeFields)['en']['steps']; ok: boolean; milliseconds: number; message?: string }[]
  refusal: Refusal | null
  detail: string | null
}

/** How a place did in its test, step by step, or why it was not even tried. */
export function TriedPlace({ tried: { steps, refusal, detail } }: { tried: Tried }) {
  const words = useWords(placeFields)
  const isSound = steps.every(({ ok }) => ok)
  const said = refusal === null ? null : words.refusal[refusal]
  return (
    <div className="mt-4">
      {said === null ? null : <Notice>{typeof said === 'string' ? said : said(detail ?? '')}</Notice>}
      {steps.length > 0 ? (
        <>
          <div className="mt-4 rounded-xl border border-line">
            <table className="w-full text-left text-sm">
              <caption className="px-3 py-2 text-left font-medium">{words.results}</caption>
              <thead>
                <tr className="border-y border-line">
                  <th className="px-3 py-1.5 font-medium">{words.step}</th>
                  <th className="px-3 py-1.5 font-medium">{words.result}</th>
                  <th className="px-3 py-1.5 text-right font-medium">{words.time}</th>
                </tr>
              </thead>
              <tbody>
                {steps.map(({ step, ok, milliseconds, message }) => (
                  <tr key={step} className="border-b border-line align-top last:border-b-0">
                    <th scope="row" className="px-3 py-1.5 font-normal">
                      {words.steps[step]}
                    </th>
                    <td className="px-3 py-1.5">
                      <span className={ok ? 'text-good' : 'font-medium text-bad'}>{ok ? words.ok : words.failed}</span>
                      {message ? <span className="block break-words text-soft">{message}</span> : null}
                    </td>
                    <td className="whitespace-nowrap px-3 py-1.5 text-right text-soft">
                      {words.milliseconds(milliseconds)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p role="status" className={`mt-3 font-medium ${isSound ? 'text-good' : 'text-bad'}`}>
            {isSound ? words.allWell : words.notWell}
          </p>
        </>
      ) : null}
    </div>
  )
}
