import type { people as english } from '#app/_i18n/en/people.ts'

export const people: typeof english = {
  title: 'Personen',
  lead: 'Wer hier etwas aufbewahrt, und wann jedes Gerät zuletzt gespeichert hat. Du siehst, wie viel es ist, nie was es ist.',
  board: {
    heading: 'Sicherungen im Haus',
    good: 'Aktuell',
    old: 'Wird alt',
    silent: 'Verstummt',
    never: 'Nie gespeichert',
    new: 'Neu',
    explain: {
      good: 'in der letzten Woche gespeichert',
      old: 'vor einer Woche oder mehr',
      silent: 'vor zwei Wochen oder mehr',
      never: 'seit einem Tag oder mehr noch nichts',
      new: 'seit weniger als einem Tag',
    },
  },
  list: {
    heading: 'Alle',
    admin: 'Admin',
    you: 'du',
    disabled: 'Ausgesperrt',
    leaving: 'Wird gelöscht',
    damaged: 'Beschädigt',
    space: (used, quota) => `${used} von ${quota}`,
    seen: 'Zuletzt gesehen',
    saved: 'Letzte Sicherung',
    neverSeen: 'nie gesehen',
    noBackup: 'Noch keine Sicherung',
    shared: 'Apps ohne eigenes Gerät',
    nameless: 'Ein Gerät ohne Namen',
    nothing: 'Noch wird nichts aufbewahrt.',
    kept: {
      personas: (count) => (count === 1 ? '1 Persona' : `${count} Personas`),
      backups: (count) => (count === 1 ? '1 versiegelte Sicherung' : `${count} versiegelte Sicherungen`),
      codes: (count) => (count === 1 ? '1 Einmalcode' : `${count} Einmalcodes`),
      logs: (count) => (count === 1 ? '1 Sync-Schlüssel' : `${count} Sync-Schlüssel`),
    },
    open: 'Öffnen',
    openOf: (name) => `${name} öffnen`,
  },
  nudge: {
    do: 'Erinnern',
    doOf: (name) => `${name} an die Sicherungen erinnern`,
    byMail: 'Erinnert, per E-Mail und auf der ersten Seite.',
    onPage: 'Erinnert: Es steht auf der ersten Seite der Person.',
    asked: 'Erinnert',
    today: 'Im Lauf des letzten Tages wurde schon erinnert.',
    fine: 'Es gibt nichts, woran zu erinnern wäre.',
  },
  invitations: {
    heading: 'Einladungen',
    lead: 'Jede gilt für so viele Personen, wie du sagst. Ihr Link wird nur einmal gezeigt, wenn du sie erstellst.',
    none: 'Noch wurde keine Einladung erstellt.',
    closed: 'Niemand kann dazukommen: Die Registrierung ist geschlossen.',
    open: 'Wer diesen Server erreicht, kann auch ohne Einladung ein Konto anlegen.',
    invite: 'Jemanden einladen',
    inviteHeading: 'Jemanden einladen',
    make: 'Einladung erstellen',
    made: 'Die Einladung ist erstellt.',
    role: 'Was die Person wird',
    member: 'Mitglied: bewahrt eigene Dinge auf',
    admin: 'Admin: betreut diesen Server, wie du',
    uses: 'Für wie viele Personen',
    usesInvalid: 'Eine ganze Zahl von Personen, von 1 bis 1000.',
    days: 'Gültig für',
    dayCount: (days) => (days === 1 ? '1 Tag' : `${days} Tage`),
    state: { good: 'Offen', 'used up': 'Aufgebraucht', expired: 'Abgelaufen', revoked: 'Zurückgezogen' },
    used: (used, uses) => `${used} von ${uses} benutzt`,
    joined: (names) => `Dazugekommen: ${names}`,
    forAdmin: 'macht zu Admins',
    until: 'gültig bis',
    madeAt: 'erstellt',
    quota: (size) => `je ${size}`,
    revoke: 'Zurückziehen',
    revokeOf: (day) => `Die Einladung vom ${day} zurückziehen`,
    revokeHeading: 'Diese Einladung zurückziehen?',
    revokeText: 'Niemand sonst kann mit ihr dazukommen. Wer schon dazukam, bleibt.',
    revoked: 'Die Einladung ist zurückgezogen.',
    more: (count) => (count === 1 ? '1 ältere Einladung' : `${count} ältere Einladungen`),
  },
  space: {
    label: 'Platz in GB',
    hint: (standard) => `Leer lassen für das, was alle haben: ${standard}.`,
    invalid: 'Eine Zahl von Gigabyte, zum Beispiel 5 oder 0,5.',
  },
  sheet: {
    code: 'QR-Code des Links',
    link: 'Link',
    copyLink: 'Link kopieren',
    typed: (at) => `Oder diesen Code eintippen unter ${at}`,
    words: 'Worte zum Mitschicken',
    copyWords: 'Worte kopieren',
    copy: 'Kopieren',
    copied: 'Kopiert',
    share: 'Teilen',
    print: 'Drucken',
    close: 'Fertig',
    invitation: {
      heading: 'Deine Einladung',
      once: 'Sie wird nur dieses eine Mal gezeigt. Gib den Link weiter, oder lass die Kamera auf den Code richten.',
      adminOnce:
        'Wer mit ihr dazukommt, wird ADMIN und kann alles, was du kannst. Sie wird nur dieses eine Mal gezeigt.',
      message: (link, code, at, until) =>
        `Du bist eingeladen, deine Sicherungen auf unserem eigenen Server zu Hause aufzubewahren. Öffne diesen Link, um dein Konto anzulegen:\n\n${link}\n\nWenn du lieber tippst: Der Code ist ${code}, und der Ort dafür ist ${at}. Gültig bis ${until}.`,
    },
    reset: {
      heading: (name) => `Ein neues Passwort für ${name}`,
      once: (minutes) =>
        `Der Link wird nur dieses eine Mal gezeigt und gilt ${minutes} Minuten. Wer ihn hat, kann das Passwort setzen: Gib ihn möglichst persönlich weiter.`,
      message: (link, minutes) =>
        `Hier kannst du ein neues Passwort setzen. Der Link gilt einmal und ${minutes} Minuten lang:\n\n${link}`,
    },
  },
  person: {
    back: 'Alle Personen',
    since: 'Hier seit',
    self: 'Das bist du. Deine Wege ins Konto und sein Ende findest du auf deinen eigenen Seiten.',
    toOwn: 'Zu deinem Konto',
    backups: {
      heading: 'Sicherungen',
      lead: 'Geräte, die von selbst speichern, dann alles andere. Was darin ist, sieht nur die Person selbst.',
    },
    role: {
      heading: 'Rolle',
      member: 'Ein Mitglied bewahrt eigene Dinge auf und sieht die der anderen nicht.',
      admin:
        'Ein Admin betreut diesen Server, wie du: Personen, Speicher, Einstellungen. Versiegeltes anderer öffnet sich auch für Admins nicht.',
      makeAdmin: 'Zum Admin machen',
      makeAdminHeading: (name) => `${name} zum Admin machen?`,
      makeAdminText: 'Die Person kann dann alles, was du kannst, und dir die Rolle auch nehmen.',
      makeMember: 'Zum Mitglied machen',
      makeMemberHeading: (name) => `${name} zum Mitglied machen?`,
      makeMemberText:
        'Die Person kann diesen Server dann nicht mehr betreuen. Offene Einladungen von ihr werden zurückgezogen.',
      ownText: 'Du verlässt diese Seiten sofort. Nur ein anderer Admin kann dir die Rolle zurückgeben.',
      done: 'Die Rolle ist geändert.',
      lastAdmin: 'Das ist der einzige Admin. Mach zuerst jemand anderen zum Admin, sonst betreut niemand den Server.',
    },
    space: {
      heading: 'Platz',
      used: (used, quota) => `${used} von ${quota} belegt`,
      own: 'Nur für diese Person festgelegt.',
      standard: 'Wie bei allen.',
      change: 'Ändern',
      changeHeading: (name) => `Wie viel darf ${name} aufbewahren?`,
      save: 'Speichern',
      saved: 'Gespeichert. Es gilt ab dem nächsten Hochladen.',
      less: 'Weniger als schon da ist, löscht nichts: Gespeichert werden kann wieder, sobald Platz ist.',
    },
    ways: {
      heading: 'Wege ins Konto',
      password: (has): string => (has ? 'Es gibt ein Passwort.' : 'Es gibt kein Passwort.'),
      codes: (left) =>
        left === 1 ? '1 Wiederherstellungscode ist übrig.' : `${left} Wiederherstellungscodes sind übrig.`,
      sessions: (count) =>
        count === 0
          ? 'Die Person ist nirgends angemeldet.'
          : count === 1
            ? 'Die Person ist an einem Ort angemeldet.'
            : `Die Person ist an ${count} Orten angemeldet.`,
      reset: 'Link zum Zurücksetzen erstellen',
      resetHeading: (name) => `Einen Link zu einem neuen Passwort für ${name} erstellen?`,
      resetText:
        'Für jemanden, der seines vergessen hat. Das alte Passwort gilt, bis der Link benutzt wird; dann wird die Person überall abgemeldet. In ihrem Verlauf wird es vermerkt.',
      resetDone: 'Der Link ist erstellt.',
      signOut: 'Überall abmelden',
      signOutHeading: (name) => `${name} überall abmelden?`,
      signOutText:
        'Jeder Browser und jede App muss sich neu anmelden. Wer das Passwort kennt oder einen Passkey hat, kann das: Erstelle auch einen Link zum Zurücksetzen, wenn das Passwort bekannt sein könnte.',
      signedOut: 'Überall abgemeldet.',
      passkeys: 'Passkeys',
      passkeyUsed: 'zuletzt benutzt',
      passkeyUnused: 'nie benutzt',
      remove: 'Entfernen',
      removeOf: (label) => `Den Passkey ${label} entfernen`,
      removeHeading: (label) => `Den Passkey „${label}“ entfernen?`,
      removeText:
        'Für ein Gerät, das verloren oder gestohlen ist. Der Passkey lässt niemanden mehr herein. War es der letzte Weg ins Konto, dann erstelle einen Link zum Zurücksetzen.',
      removed: 'Der Passkey ist entfernt.',
    },
    door: {
      heading: 'Aussperren oder löschen',
      lead: 'Wer ausgesperrt wird, behält alles; wer gelöscht wird, nicht.',
      disabledSince: 'Ausgesperrt seit',
      disabledText: 'Mit diesem Konto kommt keine App und kein Browser herein. Alles darin bleibt erhalten.',
      sealed:
        'Versiegelte Sicherungen gehören zu keinem Konto: Wer ihren Passkey oder ihre Schlüsseldatei hat, öffnet sie weiterhin. Mit dem Konto verknüpfte Sync-Schlüssel ruhen mit ihm.',
      disable: 'Aussperren',
      disableHeading: (name) => `${name} aussperren?`,
      disableText:
        'Jede Anmeldung endet sofort, in Browsern und in allen Apps. Nichts wird gelöscht, und du kannst die Person wieder hereinlassen. Sie erfährt es per E-Mail, wenn das geht.',
      openInvitations: (count) =>
        count === 1
          ? 'Eine Einladung ist noch offen. Wer sie kennt, kann unter anderem Namen wiederkommen: Zieh auch sie zurück.'
          : `${count} Einladungen sind noch offen. Wer eine kennt, kann unter anderem Namen wiederkommen: Zieh auch sie zurück.`,
      anybodyJoins: 'Zurzeit kann hier jeder ein Konto anlegen, also kann die Person unter anderem Namen wiederkommen.',
      disabled: 'Die Person ist ausgesperrt.',
      enable: 'Wieder hereinlassen',
      enabled: 'Die Person kann sich wieder anmelden; alles ist, wie es war.',
      delete: 'Dieses Konto löschen',
      deleteHeading: (name) => `${name} löschen?`,
      deleteText: (days) =>
        days === 1
          ? 'Die Person wird sofort ausgesperrt. Einen Tag später wird alles, was sie aufbewahrt, endgültig gelöscht; bis dahin kannst du es absagen.'
          : `Die Person wird sofort ausgesperrt. ${days} Tage später wird alles, was sie aufbewahrt, endgültig gelöscht; bis dahin kannst du es absagen.`,
      deleteAtOnce:
        'Alles, was die Person aufbewahrt, wird innerhalb einer Minute endgültig gelöscht. Niemand kann das absagen.',
      deleteFirst:
        'Die Person kann ihre Dinge dann nicht mehr herunterladen. Wenn sie etwas davon brauchen könnte, bitte sie vorher darum.',
      type: (name) => `Zur Bestätigung tippe ${name}`,
      mismatch: 'So heißt die Person hier nicht.',
      deleted: 'Das Konto ist geschlossen und wird gelöscht.',
      leavingByKeeper: 'Wer den Server betreut, lässt dieses Konto löschen. Es ist geschlossen; alles wird gelöscht am',
      leavingBySelf: 'Die Person hat darum gebeten, ihr Konto zu löschen. Es ist geschlossen; alles wird gelöscht am',
      keep: 'Löschung absagen',
      keepHeading: (name) => `Das Konto von ${name} behalten?`,
      keepText: 'Die Person kann sich wieder anmelden; alles ist, wie es war.',
      kept: 'Die Löschung ist abgesagt.',
      justShut: 'Behalten, aber ausgesperrt',
    },
  },
  attention: {
    damaged: (count) => (count === 1 ? 'Eine Sicherung ist beschädigt' : `${count} Sicherungen sind beschädigt`),
    nothing_new: (count) =>
      count === 1
        ? 'Eine Person hat seit zwei Wochen nichts gespeichert'
        : `${count} Personen haben seit zwei Wochen nichts gespeichert`,
    device_silent: (count) =>
      count === 1 ? 'Ein Gerät ist seit zwei Wochen verstummt' : `${count} Geräte sind seit zwei Wochen verstummt`,
    device_never: (count) =>
      count === 1 ? 'Ein Gerät hat noch nie gespeichert' : `${count} Geräte haben noch nie gespeichert`,
    nearly_full: (count) =>
      count === 1 ? 'Der Platz einer Person ist fast voll' : `Der Platz von ${count} Personen ist fast voll`,
    device: (device, person) => `${device} (${person})`,
    more: (count) => `und ${count} weitere`,
  },
}
