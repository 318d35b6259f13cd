/**
 * Keep what is typed and pressed before React listens, and give it to React once it does: a page that is there to be
 * seen can be used, however long its script takes. React keeps neither for the fields it controls (react/react#12955).
 *
 * Sent to the browser as text, so it can name nothing outside itself.
 */
export function keepEarlyInput(): void {
  /** Nobody waits longer for a button; what came later than that would surprise. */
  const patience = 15_000
  const pause = 20
  // React’s own numbers of these flags (react-reconciler, ReactFiberFlags).
  const placement = 2
  const hydrating = 4096
  type Fiber = { flags: number; return: Fiber | null }
  type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement
  const typed = new Map<Field, { value: string; checked: boolean }>()
  const pressed = new Set<HTMLButtonElement>()
  let giving = false

  /**
   * Whether React listens to an element: its fiber hangs on it, and no fiber around is still to be hydrated or placed.
   * An attempt to hydrate that is broken off, for a script that has not come yet, leaves fibers behind as well.
   */
  function isHeard(element: Element): boolean {
    const key = Object.keys(element).find((name) => name.startsWith('__reactFiber$'))
    let fiber = key === undefined ? null : (element as unknown as Record<string, Fiber>)[key]
    if (!fiber) return false
    for (; fiber; fiber = fiber.return) if (fiber.flags & (placement | hydrating)) return false
    return true
  }
  const isField = (target: EventTarget | null): target is Field =>
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement

  /** What was typed into a form before comes first, also when React has begun to listen in between. */
  const waits = ({ form }: HTMLButtonElement) => [...typed.keys()].some((field) => field.form === form)

  function noteTyped({ target }: Event): void {
    if (!isField(target)) return
    // What React has heard of nothing but the end is told to it whole.
    if (isHeard(target) && !typed.has(target)) return
    typed.set(target, { value: target.value, checked: target instanceof HTMLInputElement && target.checked })
    void giveAll()
  }

  function notePressed(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest('button') : null
    if (!button) return
    if (isHeard(button) && !waits(button)) return
    event.preventDefault()
    event.stopPropagation()
    pressed.add(button)
    void giveAll()
  }

  /** Enter in a form without a button; with one, the browser presses it. */
  function noteSent(event: Event): void {
    if (event.target instanceof Element && !isHeard(event.target)) event.preventDefault()
  }

  async function giveAll(): Promise<void> {
    if (giving) return
    giving = true
    const end = Date.now() + patience
    while (typed.size + pressed.size > 0 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, pause))
      for (const [field] of typed) if (!field.isConnected) typed.delete(field)
      for (const button of pressed) if (!button.isConnected) pressed.delete(button)
      // One thing at a time, so that React has drawn what came of it before the next.
      const field = [...typed.keys()].find(isHeard)
      const button = [...pressed].find((one) => isHeard(one) && !waits(one))
      if (field) giveTyped(field)
      else if (button) {
        pressed.delete(button)
        button.click()
      }
    }
    typed.clear()
    pressed.clear()
    giving = false
  }

  function giveTyped(field: Field): void {
    const kept = typed.get(field)
    typed.delete(field)
    if (!kept) return
    if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
      // Turned back, and over again by a press that React hears.
      field.checked = !kept.checked
      field.click()
      return
    }
    if (!(field instanceof HTMLInputElement && field.type === 'file')) {
      // React overlooks events that change nothing: it saw the first of these, not the second.
      field.value = `${kept.value} `
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, kept.value)
    }
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.dispatchEvent(new Event('change', { bubbles: true }))
  }

  document.addEventListener('input', noteTyped, true)
  document.addEventListener('change', noteTyped, true)
  document.addEventListener('click', notePressed, true)
  document.addEventListener('submit', noteSent, true)
}
