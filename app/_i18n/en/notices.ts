/** Words around what people are told of without having looked for it; the events have their own (`activity`). */
export const notices = {
  heading: 'New since you last looked',
  newPlace: 'Somebody signed in to your account from a new place',
  severalRefused: 'Several sign-ins to your account were refused',
  otherEvents: {
    'object.quarantined': 'A stored file was found damaged and set aside. Its owner can restore an earlier version.',
    'store.unreachable': 'The server cannot reach its storage. Until it can, nobody can save.',
    'disk.nearly_full': 'The server’s disk is nearly full. When it is full, nobody can save.',
    'mail.dropped': 'A mail could not be delivered. Check the mail settings.',
  } as Partial<Record<string, string>>,
  more: (count: number) => (count === 1 ? 'and 1 more' : `and ${count} more`),
  all: 'See everything that happened',
  dismiss: 'Got it',
  dismissOf: (what: string) => `Got it: ${what}`,
  dismissAll: 'Dismiss all',
  dismissed: 'Dismissed. It stays under Activity.',
  count: (count: number) => (count === 1 ? '1 new notice' : `${count} new notices`),
}
