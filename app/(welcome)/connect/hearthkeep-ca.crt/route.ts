import { sendCaFile } from '#app/(welcome)/connect/send-ca-file.ts'

export const GET = () => sendCaFile('certificate')
