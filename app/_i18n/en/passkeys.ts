/** Why a passkey does not work, wherever it is asked for. */
export const passkeyTrouble = {
  address: 'Passkeys belong to a name, and this page was opened by a number or by a name that is not this server’s.',
  addressBetter: 'Open it here instead',
  noTls: 'Passkeys need a secure connection. Open this page by its https address.',
  unsupported: 'This browser cannot use passkeys.',
  cancelled:
    'Nothing came of it: the request was cancelled or took too long, or this device has no passkey for this address.',
  already: 'This device has a passkey for your account already; it is in the list.',
  noAuthenticator:
    'This device has nothing that could keep a passkey with a screen lock. Set up a screen lock, or use a security key or your phone.',
  other: 'The browser could not finish this. Try again, or use another way.',
}
