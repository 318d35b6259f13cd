import type { letters as english } from '#server/notices/words/en/letters.ts'
import { says } from '#server/notices/words/says.ts'

export const letters: typeof english = {
  from: (server) => `Hearthkeep unter ${server}`,

  accountDeleted: ({ recipient }) =>
    says(
      'Dein Hearthkeep-Konto ist gelöscht',
      `Das Hearthkeep-Konto ${recipient} und alles, was es auf diesem Server aufbewahrt hat, sind gelöscht.`,
      'Was davon noch in Kopien des ganzen Servers steckt, verschwindet, sobald neuere sie ersetzen.',
    ),

  accountDisabled: ({ recipient, at }) =>
    says(
      'Dein Hearthkeep-Konto wurde gesperrt',
      `Am ${at} hat die Betreuung des Servers das Hearthkeep-Konto ${recipient} gesperrt. Keine App und kein Browser kommt damit mehr hinein.`,
      'Was du dort aufbewahrst, ist nicht gelöscht. Bitte die Person, die den Server betreut, wenn das Konto wieder geöffnet werden soll.',
    ),

  accountEnabled: ({ recipient, at }) =>
    says(
      'Dein Hearthkeep-Konto ist wieder offen',
      `Am ${at} hat die Betreuung des Servers das Hearthkeep-Konto ${recipient} wieder geöffnet. Alles ist, wie es war.`,
      'Apps und Browser müssen sich neu anmelden.',
    ),

  accountKept: ({ recipient, at }) =>
    says(
      'Dein Hearthkeep-Konto bleibt bestehen',
      `Am ${at} wurde die Löschung des Hearthkeep-Kontos ${recipient} abgesagt. Nichts ging verloren.`,
      'Apps, die hier sichern, müssen sich neu anmelden.',
      'Warst du das NICHT, dann ändere sofort dein Passwort und sag der Person Bescheid, die diesen Server betreut.',
    ),

  accountLeaving: ({ recipient, at, deleteAt, link }) =>
    says(
      'Dein Hearthkeep-Konto wird gelöscht',
      `Am ${at} hast du verlangt, das Hearthkeep-Konto ${recipient} zu löschen. Es ist ab sofort geschlossen: Keine App kann noch darin sichern.`,
      `Am ${deleteAt} wird alles darin endgültig gelöscht. Bis dahin kannst du es dir anders überlegen: Melde dich auf der Seite unten an und wähle „Mein Konto behalten“.`,
      { link },
      'Warst du das NICHT, dann behalte dein Konto sofort auf diesem Weg und ändere danach dein Passwort.',
    ),

  deletionOrdered: ({ recipient, at, deleteAt }) =>
    says(
      'Dein Hearthkeep-Konto wird gelöscht',
      `Am ${at} hat die Betreuung des Servers das Hearthkeep-Konto ${recipient} gesperrt, damit es gelöscht wird.`,
      `Am ${deleteAt} wird alles darin endgültig gelöscht. Bis dahin kann die Person, die den Server betreut, das noch absagen; wende dich an sie, wenn du etwas davon brauchst.`,
    ),

  backupReminder: ({ recipient, devices, link }) => {
    const which =
      devices.length > 0
        ? `Von hier kam schon eine Weile nichts mehr: ${devices.join(', ')}.`
        : 'Seit einer Weile wurde nichts mehr gesichert.'
    return says(
      'Bitte sieh nach deinen Sicherungen',
      `Die Person, die deinen Hearthkeep-Server betreut, bittet dich, nach den Sicherungen von ${recipient} zu sehen. ${which}`,
      'Öffne die App auf dem Gerät und starte eine Sicherung. Benutzt du das Gerät nicht mehr, dann entferne es auf der Seite unten.',
      { link },
    )
  },

  nameChanged: ({ recipient, at, now }) =>
    says(
      'Dein Hearthkeep-Konto heißt jetzt anders',
      `Am ${at} wurden die Namen geändert, mit denen man sich beim Hearthkeep-Konto ${recipient} anmeldet. Es heißt jetzt ${now}.`,
      'Warst du das, dann melde dich ab jetzt mit dem neuen Namen an, auch in deinen Apps.',
      'Warst du das NICHT, dann sag sofort der Person Bescheid, die diesen Server betreut.',
    ),

  otpDeviceLocked: ({ recipient, device, minutes }) =>
    says(
      'Ein Gerät mit deinen Einmalcodes wurde gesperrt',
      `Für das Gerät „${device}“ von ${recipient} wurde zu oft ein falsches Passwort eingegeben.`,
      `Es ist ${minutes === 1 ? 'eine Minute' : `${minutes} Minuten`} lang gesperrt, und jedes weitere Mal länger. Nichts wurde geöffnet, und nichts ging verloren.`,
      'Warst du das, dann warte und versuche es noch einmal.',
      'Warst du das NICHT, dann ist jemand mit deinem Hearthkeep-Konto angemeldet: Ändere das Passwort des Kontos, damit werden alle Geräte abgemeldet.',
    ),

  passkeyAdded: ({ recipient, at, label }) =>
    says(
      'Dein Hearthkeep-Konto hat einen neuen Passkey',
      `Der Passkey „${label}“ kam am ${at} zum Konto von ${recipient} hinzu. Man kann sich damit anmelden.`,
      'Warst du das, dann ist nichts zu tun.',
      'Warst du das NICHT, dann melde dich sofort an, entferne diesen Passkey, ändere dein Passwort und sag der Person Bescheid, die diesen Server betreut.',
    ),

  passwordChanged: ({ recipient, at }) =>
    says(
      'Dein Hearthkeep-Passwort wurde geändert',
      `Das Hearthkeep-Passwort von ${recipient} wurde am ${at} geändert.`,
      'Alle Geräte, die angemeldet waren, sind abgemeldet. Deine Sicherungen und ihre früheren Versionen sind noch da.',
      'Warst du das, dann ist nichts zu tun.',
      'Warst du das NICHT, dann setze das Passwort sofort zurück und sag der Person Bescheid, die diesen Server betreut.',
    ),

  passwordReset: ({ recipient, link, minutes }) =>
    says(
      'Setze dein Hearthkeep-Passwort zurück',
      `Jemand, vielleicht du, möchte das Hearthkeep-Passwort von ${recipient} zurücksetzen.`,
      'Warst du das NICHT, dann beachte diese E-Mail nicht weiter.',
      'Möchtest du dein Passwort zurücksetzen, dann öffne diese Seite:',
      { link },
      `Der Link gilt einmal, ${minutes} Minuten lang. Deine Sicherungen bleiben, wie sie sind.`,
    ),

  recoveryCodeUsed: ({ recipient, at, left }) => {
    const codes = left === 1 ? 'noch ein Code gilt' : left === 0 ? 'kein Code gilt mehr' : `noch ${left} Codes gelten`
    return says(
      'Ein Wiederherstellungscode deines Hearthkeep-Kontos wurde benutzt',
      `Am ${at} hat sich jemand mit einem Wiederherstellungscode als ${recipient} angemeldet. Dieser Code ist verbraucht; ${codes}.`,
      'Warst du das, dann ist nichts zu tun; erstelle nur neue Codes, wenn es wenige werden.',
      'Warst du das NICHT, dann melde dich sofort an, melde dich überall sonst ab, erstelle neue Wiederherstellungscodes und sag der Person Bescheid, die diesen Server betreut.',
    )
  },

  testMail: () =>
    says(
      'Eine Probemail von Hearthkeep',
      'Jemand, der diesen Server betreut, hat ihn eine Probemail an diese Adresse schicken lassen. Sie ist angekommen, E-Mail funktioniert also.',
      'Es ist nichts zu tun.',
    ),
}
