import type { Bridge } from '#electron/bridge.ts'
import type { View } from '#electron/view.ts'

declare const hearthkeep: Bridge

hearthkeep.watch(show)

function show(view: View): void {
  document.documentElement.lang = view.language
  document.body.dataset.tone = view.tone
  text('heading', view.heading)
  text('lead', view.lead)
  text('update', view.update ?? '').hidden = view.update === null

  const buttons = view.buttons.map(({ action, label }) => button(label, () => hearthkeep.act(action)))
  replaceKeepingFocus(element('buttons'), buttons)
  const facts = view.facts.flatMap(({ label, value, canCopy }) => {
    const term = document.createElement('dt')
    term.textContent = label
    const says = document.createElement('dd')
    says.append(value)
    if (canCopy) says.append(copyButton(value, view.copy))
    return [term, says]
  })
  replaceKeepingFocus(element('facts'), facts)

  const qr = element('qr') as HTMLImageElement
  qr.hidden = view.qr === null
  qr.alt = view.qr?.label ?? ''
  if (view.qr) qr.src = view.qr.image

  const details = element('details')
  details.hidden = view.details === null
  const [summary, pre] = [details.querySelector('summary'), details.querySelector('pre')]
  if (summary && pre && view.details) [summary.textContent, pre.textContent] = [view.details.label, view.details.text]
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no #${id}`)
  return found
}

/** Only what changed is written, so that a screen reader says nothing twice. */
function text(id: string, words: string): HTMLElement {
  const found = element(id)
  if (found.textContent !== words) found.textContent = words
  return found
}

function button(label: string, clicked: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = label
  made.addEventListener('click', clicked)
  return made
}

function copyButton(value: string, { label, done }: View['copy']): HTMLButtonElement {
  const made = button(label, () => {
    hearthkeep.copy(value)
    made.textContent = done
  })
  made.setAttribute('aria-label', `${label}: ${value}`)
  return made
}

function replaceKeepingFocus(list: HTMLElement, children: HTMLElement[]): void {
  const at = [...list.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement)
  list.replaceChildren(...children)
  if (at >= 0) list.querySelectorAll('button')[at]?.focus()
}
