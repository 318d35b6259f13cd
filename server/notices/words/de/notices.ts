import type { notices as english } from '#server/notices/words/en/notices.ts'

const konto = (was: string) => (recipient: string) => `Bei deinem Konto ${recipient} ${was}`
const server = (was: string) => (recipient: string) =>
  `Auf dem Server, den du mit dem Konto ${recipient} betreust, ${was}`

const mine = 'Warst du das, dann ist nichts zu tun.'
const notMine =
  'Warst du das NICHT, dann melde dich sofort an, ändere dein Passwort, melde dich überall sonst ab und sag der Person Bescheid, die diesen Server betreut.'
const nothing = 'Es ist nichts zu tun.'

export const notices: typeof english = {
  events: {
    'session.opened': {
      subject: 'Jemand hat sich von einem neuen Ort bei deinem Hearthkeep-Konto angemeldet',
      happened: konto('gab es eine Anmeldung von einem Ort, von dem aus es noch nie eine gab'),
      todo: `${mine} ${notMine}`,
    },
    'session.refused': {
      subject: 'Bei deinem Hearthkeep-Konto wurden falsche Passwörter versucht',
      happened: konto('wurden mehrere Anmeldungen abgelehnt, weil das Passwort oder der Code falsch war'),
      todo: 'Warst du das, dann achte auf die Schreibweise oder fordere ein neues Passwort an. Warst du das NICHT: Es kam niemand hinein. Einen Passkey kann man nicht erraten; überlege dir, einen zu benutzen, und sag der Person Bescheid, die diesen Server betreut.',
    },
    'session.locked': {
      subject: 'Dein Hearthkeep-Konto ist für Fremde gesperrt',
      happened: konto(
        'wurden so viele falsche Passwörter versucht, dass einen Tag lang an Orten, an denen du dich noch nie angemeldet hast, kein Passwort gilt',
      ),
      todo: 'Wo du dich schon einmal angemeldet hast, und mit einem Passkey, geht alles wie immer. Die Person, die diesen Server betreut, kann die Sperre aufheben.',
    },
    'session.replayed': {
      subject: 'Eine Sitzung deines Hearthkeep-Kontos wurde sicherheitshalber beendet',
      happened: konto(
        'wurde eine schon verbrauchte Anmeldung einer App noch einmal gezeigt; vielleicht hat jemand eine Kopie davon',
      ),
      todo: 'Melde dich in dieser App neu an. Hast du keine App umgezogen oder wiederhergestellt, dann ändere dein Passwort.',
    },
    'account.role_changed': {
      subject: 'Deine Rolle auf einem Hearthkeep-Server wurde geändert',
      happened: konto('hat die Betreuung dieses Servers die Rolle geändert'),
      todo: 'Weißt du davon, dann ist nichts zu tun. Wenn NICHT, frag die Person, die diesen Server betreut.',
    },
    'account.exported': {
      subject: 'Alles aus deinem Hearthkeep-Konto wurde heruntergeladen',
      happened: konto('wurde alles, was es aufbewahrt, in einer Datei heruntergeladen'),
      todo: `${mine} ${notMine}`,
    },
    'reset.link_issued': {
      subject: 'Für dein Hearthkeep-Konto wurde ein Link zum Zurücksetzen des Passworts erstellt',
      happened: konto(
        'hat die Betreuung dieses Servers einen Link erstellt, mit dem man einmal ein neues Passwort setzen kann',
      ),
      todo: 'Hast du darum gebeten, dann ist nichts zu tun. Wenn NICHT, frag die Person, die diesen Server betreut.',
    },
    'passkey.removed': {
      subject: 'Ein Passkey deines Hearthkeep-Kontos wurde entfernt',
      happened: konto('wurde ein Passkey entfernt; man kann sich nicht mehr damit anmelden'),
      todo: `${mine} ${notMine}`,
    },
    'factors.factor_added': {
      subject: 'Deine versiegelte Sicherung lässt sich auf einem weiteren Weg öffnen',
      happened: konto('bekam eine versiegelte Sicherung einen weiteren Weg, sie zu öffnen'),
      todo: `${mine} Warst du das NICHT, dann öffne die Seite der Sicherung, entferne, was du nicht kennst, und sag der Person Bescheid, die diesen Server betreut.`,
    },
    'factors.restored': {
      subject: 'Eine frühere Version deiner versiegelten Sicherung wurde zurückgeholt',
      happened: konto('wurde von einer versiegelten Sicherung eine frühere Version zurückgeholt'),
      todo: `${mine} Die Version davor steht im Verlauf der Sicherung. ${notMine}`,
    },
    'object.restored': {
      subject: 'Eine frühere Version deiner Sicherung wurde zurückgeholt',
      happened: konto('wurde von einer Sicherung eine frühere Version zurückgeholt'),
      todo: `${mine} Die Version davor steht im Verlauf. ${notMine}`,
    },
    'object.quarantined': {
      subject: 'Hearthkeep hat eine beschädigte Datei gefunden',
      happened: server('fehlte eine gespeicherte Datei oder war verändert; sie wurde beiseitegelegt'),
      todo: 'Sieh nach der Festplatte und auf der Seite Betreuung, Speicher. Wem die Datei gehört, der erfährt es auf den eigenen Seiten und kann eine frühere Version zurückholen.',
    },
    'snapshot.failed': {
      subject: 'Der Hearthkeep-Schnappschuss ist fehlgeschlagen',
      happened: server('ist der Schnappschuss fehlgeschlagen'),
      todo: 'Den Grund findest du unter Betreuung, Schnappschüsse. Es wird jede Stunde neu versucht; bis es klappt, geht mit einer kaputten Festplatte verloren, was neu ist.',
    },
    'snapshot.recovered': {
      subject: 'Die Hearthkeep-Schnappschüsse klappen wieder',
      happened: server('klappen die Schnappschüsse wieder'),
      todo: nothing,
    },
    'snapshot.drill_failed': {
      subject: 'Ein Hearthkeep-Schnappschuss hat die Probe nicht bestanden',
      happened: server('ließ sich der neueste Schnappschuss bei der Probe nicht vollständig zurückholen'),
      todo: 'Den Grund findest du unter Betreuung, Schnappschüsse; der nächste Schnappschuss behebt, was er kann.',
    },
    'storage.move_paused': {
      subject: 'Der Umzug deines Hearthkeep-Speichers musste pausieren',
      happened: server('konnten die gespeicherten Dateien nicht weiter umziehen'),
      todo: 'Nichts ging verloren; alles ist noch, wo es war. Den Grund findest du unter Betreuung, Speicher; dort geht es auch weiter.',
    },
    'storage.moved': {
      subject: 'Dein Hearthkeep-Speicher ist umgezogen',
      happened: server('sind alle gespeicherten Dateien am neuen Ort'),
      todo: nothing,
    },
    'store.unreachable': {
      subject: 'Hearthkeep erreicht seinen Speicher nicht',
      happened: server('lässt sich der Speicher nicht lesen oder beschreiben'),
      todo: 'Bis dahin kann niemand sichern oder Sicherungen holen. Sieh nach der Festplatte oder dem S3-Dienst und auf der Seite Betreuung, Speicher.',
    },
    'store.reachable': {
      subject: 'Hearthkeep erreicht seinen Speicher wieder',
      happened: server('ist der Speicher wieder erreichbar'),
      todo: nothing,
    },
    'disk.nearly_full': {
      subject: 'Die Festplatte deines Hearthkeep-Servers ist fast voll',
      happened: server('ist die Festplatte fast voll'),
      todo: 'Ist sie voll, kann niemand mehr sichern. Schaffe Platz, oder lass den Speicher auf eine größere umziehen.',
    },
  },
  moreBefore: (count) => (count === 1 ? 'davor schon einmal' : `davor schon ${count}-mal`),
  happening: ({ at, address, from, version, reason }) =>
    [
      `am ${at}`,
      address && ` von ${address}`,
      from && ` mit ${from}`,
      version && `, Version ${version}`,
      reason && ` (${reason})`,
    ]
      .filter(Boolean)
      .join(''),
}
