import type { admin as english } from '#app/_i18n/en/admin.ts'

export const admin: typeof english = {
  title: 'Betreuung',
  heading: 'Diesen Server betreuen',
  lead: 'Worum du dich für alle kümmerst, die hier etwas aufbewahren.',
  attention: {
    heading: 'Braucht deine Aufmerksamkeit',
    look: 'Ansehen',
    fine: 'Alle Geräte speichern, wie sie sollen, und auch sonst ist nichts zu tun.',
  },
  areas: {
    people: 'Einladungen, Rollen, Platz, und wann jedes Gerät zuletzt gesichert wurde.',
    storage: 'Wo die Daten liegen, wie viele es sind, und ob sie unversehrt sind.',
    snapshots: 'Versiegelte Kopien des ganzen Servers, und der Weg zurück.',
    watch: 'Was geschehen ist, wer ausgesperrt wurde, und was deine Aufmerksamkeit braucht.',
    server: 'Name, Zertifikate, Mail, Anmeldedienste und Grenzen.',
  },
}
