/** Words of the window that comes back from a sign-in service. */
export const backupAccount = {
  title: 'Signed in',
  heading: 'Back from the sign-in',
  text: 'The page with your backup goes on by itself. You can close this window.',
}
