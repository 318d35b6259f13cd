/** Words wherever a new password is chosen. */
export const newPassword = {
  password: 'New password',
  repeat: 'The same again',
  show: 'Show',
  hide: 'Hide',
  tooShort: (least: number) =>
    `At least ${least} characters; a few words in a row are easy to remember and hard to guess.`,
  different: 'The two are not the same yet.',
  same: 'The two are the same.',
  strength: ['Too short', 'Weak', 'Fair', 'Good', 'Strong'],
  strengthLabel: 'Strength',
}
