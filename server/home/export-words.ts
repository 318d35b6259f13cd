/** What the files of an export are called and say; a person may open it years later, without this server. */
export const exportWords = {
  readme: [
    'README.txt',
    `Everything that Hearthkeep kept for you

This is what is in the folders beside this file. What is in none of them, you do not have here.

personas       Backups that apps keep by e-mail address and password. Most are zip files; those that this server's own
               program sealed open with "hearthkeep personas get" and the password that sealed them.
cloud          Sealed backups that apps save by themselves, one for each device. The app that made one opens it, with
               its own password.
codes          Which one-time codes you have, and in which places. The secrets themselves are not here: only your PIN
               opens them. Export those on the page "Codes", under your PIN.
sync           Encrypted operations of apps that stay in step between devices, one in a line, in the order in which they
               arrived. The app that has the key reads them.
backups        Backups on your list that are opened by a passkey, a recovery key or another factor, each with the keys that
               were wrapped for those. A program that knows the format opens them; see client/surfaces/factors/README.md.
account.json   Your names, passkeys, sessions and devices.
activity.json  What happened to your account, the latest first. Times are in UTC.

Earlier versions lie in "earlier versions". Backups that are opened by a passkey or another factor and are not on your
list belong to those keys rather than to your account: open them on the page "Backups".

If there is a file NOT COMPLETE.txt, it names what could not be read. Ask the person who keeps the server.

This file is not encrypted as a whole: keep it where you would keep your papers.
`,
  ],
  liesmich: [
    'LIESMICH.txt',
    `Alles, was Hearthkeep für dich aufbewahrt hat

Das liegt in den Ordnern neben dieser Datei. Was in keinem davon liegt, hast du hier nicht.

personas       Sicherungen, die Apps mit E-Mail-Adresse und Passwort ablegen. Die meisten sind Zip-Dateien; was das
               Programm dieses Servers selbst versiegelt hat, öffnet „hearthkeep personas get“ mit dem Passwort dazu.
cloud          Versiegelte Sicherungen, die Apps von selbst anlegen, eine je Gerät. Es öffnet sie die App, die sie
               gemacht hat, mit ihrem eigenen Passwort.
codes          Welche Einmalcodes du hast und an welchen Orten. Die Geheimnisse selbst sind nicht dabei: Nur deine PIN
               öffnet sie. Exportiere sie auf der Seite „Codes“ mit deiner PIN.
sync           Verschlüsselte Änderungen von Apps, die mehrere Geräte abgleichen, eine je Zeile, in der Reihenfolge, in
               der sie ankamen. Die App mit dem Schlüssel liest sie.
backups        Sicherungen auf deiner Liste, die ein Passkey, ein Wiederherstellungsschlüssel oder ein anderer Faktor öffnet,
               jede mit den dafür verpackten Schlüsseln. Ein Programm, das das Format kennt, öffnet sie; siehe
               client/surfaces/factors/README.md.
account.json   Deine Namen, Passkeys, Sitzungen und Geräte.
activity.json  Was mit deinem Konto geschah, das Neueste zuerst. Zeiten in UTC.

Frühere Fassungen liegen unter „earlier versions“. Sicherungen, die ein Passkey oder ein anderer Faktor öffnet und die
nicht auf deiner Liste stehen, gehören zu diesen Schlüsseln und nicht zu deinem Konto: Öffne sie auf der Seite „Sicherungen“.

Gibt es eine Datei NOT COMPLETE.txt, dann nennt sie, was nicht gelesen werden konnte. Frag die Person, die den Server
betreut.

Diese Datei ist als Ganzes nicht verschlüsselt: Bewahre sie auf wie deine Papiere.
`,
  ],
  incomplete: [
    'NOT COMPLETE.txt',
    'These could not be read, or not to the end. Ask the person who keeps this server.\n/ Diese konnten nicht oder nicht bis zum Ende gelesen werden. Frag die Person, die den Server betreut.\n\n',
  ],
} as const
