import { setup } from '#app/_i18n/setup.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ChosenStorage } from '#app/_server/setup.ts'

/** What the server says of a step that it did not come to. */
const untried = 'not tried'

/** What a place can do, step by step. */
export function SelfTest({ steps }: Pick<ChosenStorage, 'steps'>) {
  const words = useWords(setup).storage
  if (steps.length === 0) return null
  return (
    <table className="mt-5 w-full text-left text-sm">
      <caption className="text-left font-medium">{words.tested}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{words.step}</th>
          <th scope="col">{words.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ step, ok, message }) => (
          <tr key={step} className="border-t border-line align-top">
            <th scope="row" className="py-2 pr-4 font-normal">
              {words.steps[step]}
            </th>
            {message === untried ? (
              <td className="py-2 text-soft">{words.untried}</td>
            ) : (
              <td className={`py-2 ${ok ? 'text-good' : 'text-bad'}`}>
                {ok ? `✓ ${words.passed}` : `✗ ${words.failed}`}
                {message ? <span className="block break-words text-soft">{message}</span> : null}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
