/** The keeper's first page. Each area behind it has words of its own. */
export const admin = {
  title: 'Keeper',
  heading: 'Keeping this server',
  lead: 'What you look after for everybody who keeps things here.',
  attention: {
    heading: 'Needs your attention',
    look: 'See to it',
    fine: 'Everybody’s devices save as they should, and nothing else needs you.',
  },
  areas: {
    people: 'Invitations, roles, space, and when each device was last backed up.',
    storage: 'Where the bytes lie, how much there is of them, and whether they are whole.',
    snapshots: 'Sealed copies of this whole server, and the way back from one.',
    watch: 'What happened, who was locked out, and what asks for your attention.',
    server: 'Name, certificates, mail, sign-in services and limits.',
  },
}
