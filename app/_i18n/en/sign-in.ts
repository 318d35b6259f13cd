/** Words of the sign-in page. */
export const signIn = {
  title: 'Sign in',
  heading: 'Sign in',
  passkey: 'Sign in with a passkey',
  passkeyBusy: 'Waiting for your passkey …',
  or: 'or',
  name: 'E-mail address or user name',
  password: 'Password',
  byPassword: 'Sign in with password',
  busy: 'Signing in …',
  forgot: 'Forgot your password?',
  lost: 'Use a recovery code',
  join: {
    ask: 'No account yet?',
    open: 'Make one',
    invite: 'Join with an invitation',
    closed: 'Ask the person who keeps this server.',
  },
  recovery: {
    heading: 'Use a recovery code',
    lead: 'One of the ten codes you printed or wrote down. Each works once; large and small letters are the same.',
    code: 'Recovery code',
    submit: 'Sign in with this code',
    back: 'Back to the other ways',
    none: 'No code left either? The person who keeps this server can make you a reset link.',
  },
  trouble: {
    wrongPassword: 'That name and password do not belong together. Check both, or use another way.',
    wrongCode: 'That name and code do not belong together, or the code was used already.',
    unknownPasskey:
      'That passkey does not sign in here. If it opens a backup, try again and choose the one with your own name; it may also have been removed.',
    refusedPasskey: 'That passkey was not accepted. Try again, or use another way.',
    stale: 'This page stood open too long. Try again.',
    wait: (seconds: number) =>
      seconds > 90
        ? `Too many tries. Wait ${Math.ceil(seconds / 60)} minutes and try again, or use another way.`
        : `Too many tries. Wait ${seconds} seconds and try again.`,
    busy: 'The server is busy. Try again in a moment.',
    offline: 'The server cannot be reached. Check that this device is on the home network, then try again.',
    server: 'The server has a problem of its own. Try again in a moment.',
  },
}
