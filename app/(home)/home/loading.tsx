import { PageLoading } from '#app/_components/page-loading.tsx'

export default PageLoading
