import type { ReactNode } from 'react'
import { Hearth } from '#app/_components/hearth.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { LanguageSwitch } from '#app/_components/language-switch.tsx'
import { productName } from '#app/_components/product-name.ts'
import { Toasts } from '#app/_components/toasts.tsx'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { type SetupStep, type SetupView, setupSteps } from '#app/_server/setup.ts'

type Props = {
  setup: SetupView
  /** Null for what is no step: the first screen, and a restore. */
  step: SetupStep | null
  heading: string
  lead: string
  children: ReactNode
}

/** One screen of set-up: where it stands, one thing to answer, and the way back. */
export async function SetupFrame({ setup, step, heading, lead, children }: Props) {
  const words = await wordsOf(area)
  const at = step ? setupSteps.indexOf(step) : -1
  return (
    <Toasts>
      <div className="mx-auto flex min-h-dvh max-w-xl flex-col px-5 py-8 sm:py-10">
        <main>
          <p className="mb-6 flex items-center gap-3 text-lg font-semibold">
            <Hearth /> {productName}
          </p>
          {step ? <Steps setup={setup} step={step} words={words} /> : null}
          <div className="rounded-2xl border border-line bg-card p-6 sm:p-8">
            {step ? <p className="text-sm text-soft">{words.at(at + 1, setupSteps.length)}</p> : null}
            <h1 className="break-words text-2xl font-semibold tracking-tight">{heading}</h1>
            <p className="mt-2 text-soft">{lead}</p>
            {children}
          </div>
          {setup.claim === 'yours' && (step !== null || heading !== words.claim.heading) ? (
            <p className="mt-5">
              <a
                className="inline-flex items-center gap-1 font-medium text-ember underline underline-offset-4"
                href={at > 0 ? `/setup/${setupSteps[at - 1]}` : '/setup'}
              >
                <Icon name="back" className="size-4" /> {words.back}
              </a>
            </p>
          ) : null}
        </main>
        <footer className="mt-auto flex justify-center pt-10">
          <LanguageSwitch />
        </footer>
      </div>
    </Toasts>
  )
}

type StepsProps = { setup: SetupView; step: SetupStep; words: (typeof area)['en'] }

function Steps({ setup, step, words }: StepsProps) {
  return (
    <nav aria-label={words.progress} className="mb-5">
      <ol className="grid grid-cols-[repeat(5,minmax(min-content,1fr))] gap-1.5 text-xs sm:text-sm">
        {setupSteps.map((one) => {
          const isDone = setup.done.includes(one)
          const isOpen = isDone || one === setup.next
          const colour = one === step || isDone ? 'border-ember' : 'border-line'
          return (
            <li key={one} className={`min-w-0 border-t-4 pt-1.5 ${colour}`}>
              {isOpen && one !== step ? (
                <a className="break-words text-ember underline underline-offset-4" href={`/setup/${one}`}>
                  {words.steps[one]}
                  {isDone ? <span className="sr-only"> ({words.done})</span> : null}
                </a>
              ) : (
                <span
                  className={`break-words ${one === step ? 'font-semibold' : 'text-soft'}`}
                  aria-current={one === step ? 'step' : undefined}
                >
                  {words.steps[one]}
                </span>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
