import { CopyButton } from '#app/_components/copy-button.tsx'
import { QrCode } from '#app/_components/qr-code.tsx'
import type { connect } from '#app/_i18n/connect.ts'

/** What each kind of app asks for: most the address alone, some the path of their API too (design §1). */
const kinds = [
  ['cloud', ''],
  ['personas', ''],
  ['factors', ''],
  ['otp', '/graphql'],
  ['oplog', '/sync'],
] as const

type Words = (typeof connect)['en']['apps']

/** @param addresses  of this server, the best first */
export function AppAddresses({ addresses, words }: { addresses: string[]; words: Words }) {
  const [best = '', ...others] = addresses
  return (
    <>
      <ul className="mt-5 divide-y divide-line">
        {kinds.map(([kind, path]) => (
          <li key={kind} className="py-3">
            <span className="font-medium">{words.names[kind]}</span>
            <Address text={best + path} what={words.names[kind]} words={words} />
          </li>
        ))}
      </ul>
      <div className="mt-4">
        <QrCode text={best} label={words.code(best)} />
      </div>
      {others.length > 0 ? (
        <>
          <h3 className="mt-6 font-medium">{words.elsewhere.heading}</h3>
          <p className="mt-1 text-soft">{words.elsewhere.lead}</p>
          <ul className="mt-2">
            {others.map((address) => (
              <li key={address}>
                <Address text={address} what={address} words={words} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  )
}

function Address({ text, what, words }: { text: string; what: string; words: Words }) {
  const { copy, copied, copyWhat } = words
  return (
    <div className="mt-1 flex items-center justify-between gap-3">
      <code className="min-w-0 break-all text-sm text-ember">{text}</code>
      <CopyButton text={text} words={{ copy, copied }} label={copyWhat(what)} />
    </div>
  )
}
