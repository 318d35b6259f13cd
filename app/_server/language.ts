// Of the server, and for scripts of the pages as well: nothing but the list and what is made of it.
export { type Catalogue, everyLanguage, type Language, languages } from '#server/kit/language.ts'
