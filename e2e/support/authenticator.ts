import type { CDPSession, Page } from '@playwright/test'

export type VirtualAuthenticator = {
  /** How many passkeys it holds. */
  count(): Promise<number>
  /** Whether its owner's finger or face is taken for theirs. */
  setVerified(isVerified: boolean): Promise<void>
  /** Whether its owner answers at once, or never. */
  setPresent(isPresent: boolean): Promise<void>
  remove(): Promise<void>
}

/**
 * An authenticator for one tab, with real keys and real ceremonies (stack §6). It outlives what the tab's browser stores.
 *
 * @param options.hasPrf  whether its passkeys derive keys
 */
export async function addAuthenticator(
  page: Page,
  { hasPrf = true, transport = 'internal' as 'internal' | 'usb' } = {},
): Promise<VirtualAuthenticator> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      // From 2.1 on Chromium's authenticator blocks itself after a few fingers that are not its owner's.
      ctap2Version: hasPrf ? 'ctap2_1' : 'ctap2_0',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    count: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    setVerified: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    setPresent: async (enabled) => {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    remove: async () => {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}
