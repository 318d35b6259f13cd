import type { OidcToken } from '#client/surfaces/factors/wire.ts'

/** Between the page that asks and the page that the sign-in service sends people back to. */
export const accountChannel = 'hearthkeep-account'

export type AccountAnswer = { state: string; idToken: string | null }
/** What the asking page wants next: one more sign-in, or that the window closes. */
export type AccountWish = { state: string; go: string | null }

const waitMilliseconds = 5 * 60_000

type Start = (asked: { kind: OidcToken['kind']; nonce: string; state: string }) => Promise<string>

/**
 * A window in which somebody signs in at a service, as often as a flow needs: each id_token is good for one proof. It
 * must be opened right when a button is pressed, or browsers take it for an advertisement.
 */
export class AccountWindow {
  readonly kind: OidcToken['kind']
  readonly #start: Start
  readonly #state = crypto.randomUUID()
  readonly #channel = new BroadcastChannel(accountChannel)
  readonly #window: Window | null
  #stop: (() => void) | null = null
  #isThere = false

  constructor(kind: OidcToken['kind'], start: Start) {
    this.kind = kind
    this.#start = start
    this.#window = window.open('', '', 'popup,width=520,height=680')
  }

  /** @returns an id_token for that nonce. @throws AccountNotSignedIn */
  async signIn(nonce: string): Promise<string> {
    if (!this.#window) throw new AccountNotSignedIn('blocked')
    const state = this.#state
    const url = await this.#start({ kind: this.kind, nonce, state })
    const answer = new Promise<AccountAnswer>((resolve, reject) => {
      const timer = setTimeout(() => this.#stop?.(), waitMilliseconds)
      this.#stop = () => reject(new AccountNotSignedIn('stopped'))
      this.#channel.onmessage = ({ data }: MessageEvent<AccountAnswer>) => {
        if (data.state !== state || !('idToken' in data)) return
        clearTimeout(timer)
        resolve(data)
      }
    })
    // Once it was at the service, this page has no hold of it any more (Cross-Origin-Opener-Policy).
    if (this.#isThere) this.#channel.postMessage({ state, go: url } satisfies AccountWish)
    else this.#window.location.href = url
    this.#isThere = true
    const { idToken } = await answer
    if (idToken === null) throw new AccountNotSignedIn('refused')
    return idToken
  }

  /** Stop waiting for somebody who has closed the window, or does not want to any more. */
  stop(): void {
    this.#stop?.()
  }

  close(): void {
    this.#channel.postMessage({ state: this.#state, go: null } satisfies AccountWish)
    if (!this.#isThere) this.#window?.close()
    this.#channel.close()
  }
}

export class AccountNotSignedIn extends Error {
  readonly why: 'blocked' | 'stopped' | 'refused'
  constructor(why: AccountNotSignedIn['why']) {
    super(`Not signed in: ${why}`)
    this.why = why
  }
}
