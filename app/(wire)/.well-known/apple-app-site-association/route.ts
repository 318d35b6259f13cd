import { bind } from '#app/_server/bind.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = bind('/.well-known/apple-app-site-association')
