/** Pages and letters speak the same languages. */
export { type Catalogue, everyLanguage, type Language, languages } from '#app/_server/language.ts'
