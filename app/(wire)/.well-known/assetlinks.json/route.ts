import { bind } from '#app/_server/bind.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = bind('/.well-known/assetlinks.json')
