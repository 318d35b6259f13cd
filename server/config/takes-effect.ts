/** The process goes by these until it ends. */
const always = /^(PORT|HEARTHKEEP_(HTTP_PORT|BLOBS|BLOBS_DIR|S3_\w+))$/
/** And by these once the house is let in; before, HTTPS is not spoken yet (`doors.ts`). */
const onceSetUp = /^HEARTHKEEP_(HOSTNAME|HTTPS_PORT|LAN_HTTP|TLS|TLS_CERT|TLS_KEY)$/

export function waitsForRestart(name: string, isSetUp: boolean): boolean {
  return always.test(name) || (isSetUp && onceSetUp.test(name))
}
