import type { account as english } from '#app/_i18n/en/account.ts'

export const account: typeof english = {
  title: 'Konto',
  lead: 'Wie du hier heißt und was du mitnehmen oder löschen kannst.',
  names: {
    heading: 'Namen',
    lead: 'Du und deine Apps melden sich mit einem von beiden an.',
    email: 'E-Mail-Adresse',
    username: 'Benutzername',
    none: 'keine',
    since: 'Dabei seit',
    change: 'Ändern',
    save: 'Namen speichern',
    saving: 'Wird gespeichert …',
    done: 'Gespeichert. Melde dich ab jetzt mit dem neuen Namen an, auch in deinen Apps.',
    noMail: 'Ohne E-Mail-Adresse kann bei vergessenem Passwort nur die Person helfen, die diesen Server betreut.',
    usernameHint: '3 bis 50 Buchstaben (a bis z), Ziffern oder Unterstriche. Leer heißt keiner.',
    emailHint: 'Leer heißt keine.',
    told: 'Deine alte Adresse erfährt von der Änderung.',
    taken: 'So heißt hier schon jemand.',
    invalid:
      'Eins von beiden muss sein: eine E-Mail-Adresse oder ein Benutzername aus 3 bis 50 Buchstaben (a bis z), Ziffern oder Unterstrichen.',
  },
  download: {
    heading: 'Alles herunterladen',
    lead: 'Eine Zip-Datei mit allen Personas und Cloud-Sicherungen samt früheren Versionen, den Änderungen deiner Sync-Schlüssel, der Liste deiner Einmalcodes, deinem Verlauf und einer Seite, die alles erklärt.',
    sealed:
      'Versiegeltes bleibt versiegelt: Es öffnen die Apps und Passwörter, die es gemacht haben. Die Geheimnisse der Einmalcodes sind nicht dabei; exportiere sie mit deiner PIN auf der Seite „Codes“.',
    start: 'Alles herunterladen',
    starting: 'Wird begonnen …',
    started: 'Der Download hat begonnen. Er kann dauern; lass diese Seite offen, bis er fertig ist.',
  },
  leave: {
    heading: 'Mein Konto löschen',
    lead: (days) =>
      days === 1
        ? 'Dein Konto wird sofort geschlossen. Du hast einen Tag, um es dir anders zu überlegen; dann wird alles, was du hier hast, endgültig gelöscht.'
        : `Dein Konto wird sofort geschlossen. Du hast ${days} Tage, um es dir anders zu überlegen; dann wird alles, was du hier hast, endgültig gelöscht.`,
    atOnce:
      'Dein Konto wird sofort geschlossen, und binnen einer Minute wird alles, was du hier hast, endgültig gelöscht.',
    ask: 'Mein Konto löschen',
    question: 'Dein Konto löschen?',
    what: 'Das geht verloren: alle Personas und Cloud-Sicherungen samt früheren Versionen, alle Einmalcodes, alle mit dir verknüpften Sync-Schlüssel und deine Passkeys. Deine Apps können hier ab sofort nichts mehr sichern.',
    stays:
      'Versiegelte Sicherungen, die ein Passkey oder eine Schlüsseldatei öffnet, gehören nicht zum Konto; lösche sie auf ihrer eigenen Seite. Von deinem Verlauf bleibt im Protokoll des Servers nur, was wann geschah.',
    first: 'Lade vorher alles herunter, falls du etwas davon noch brauchen könntest.',
    type: (name) => `Tippe zur Bestätigung ${name}`,
    mismatch: 'So heißt dieses Konto nicht.',
    confirm: 'Mein Konto löschen',
    lastAdmin:
      'Du bist der einzige Admin. Mach erst jemand anderen zum Admin, sonst kann niemand diesen Server betreuen.',
    done: 'Dein Konto ist geschlossen.',
  },
  leaving: {
    title: 'Dein Konto wird bald gelöscht',
    lead: (name) => `Du wolltest das Konto ${name} löschen. Bis zum Tag unten ist nichts verloren.`,
    on: 'Alles wird gelöscht am',
    keep: 'Mein Konto behalten',
    keeping: 'Wird wieder geöffnet …',
    signOut: 'Abmelden und löschen lassen',
    tooLate: 'Es ist zu spät: Das Konto wird gerade gelöscht.',
    after: 'Wenn du es behältst, müssen sich deine Apps noch einmal anmelden.',
  },
}
