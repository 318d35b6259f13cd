/** Words of the page that resets a password. */
export const reset = {
  title: 'Reset your password',
  back: 'Back to sign-in',
  ask: {
    heading: 'Forgot your password?',
    lead: 'Enter your e-mail address. If it has an account here, you get a mail with a link that is good for one hour.',
    noMail: 'This server does not send mail. Ask the person who keeps it for a reset link; they can make one at once.',
    email: 'E-mail address',
    send: 'Send the link',
    sending: 'Sending …',
  },
  sent: {
    heading: 'Look into your mail',
    lead: 'If that address has an account here, a mail with a link is on its way. It is good for one hour.',
    again: 'Nothing there after a few minutes? Look into the spam folder, or ask again.',
    askAgain: 'Ask again',
  },
  choose: {
    heading: 'Choose a new password',
    /** What stands before and after the account’s name. */
    lead: ['For the account ', '.'],
    save: 'Save the new password',
    saving: 'Saving …',
  },
  done: {
    heading: 'Your password is changed',
    lead: 'You are signed out everywhere else. Sign in on your devices with the new password; what they backed up is untouched.',
  },
  gone: {
    heading: 'This link does not work any more',
    lead: 'It was used already, is older than an hour, or a newer one was sent. Nothing was changed.',
    another: 'Get a new link',
  },
  trouble: {
    wait: (seconds: number) => `Too many tries. Wait ${seconds} seconds and try again.`,
    offline: 'The server cannot be reached. Check that this device is on the home network, then try again.',
    refused: 'That did not work. Check what you typed, then try again.',
    server: 'The server has a problem of its own. Nothing was changed; try again in a moment.',
  },
}
